package dev.drover.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.drover.store.DeadLetter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Formats the output of the commands. */
public final class Text {

    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private static final int SHORT_ID = 12;
    private static final int SHORT_TEXT = 60;

    private Text() {}

    /** A record, or a list of records, of this program as JSON. */
    public static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of numbers and texts must be writable", e);
        }
    }

    /**
     * The lines of a table with aligned columns.
     *
     * @param rows the head first; all of the same length
     */
    public static List<String> table(List<List<String>> rows) {
        List<Integer> widths = IntStream.range(0, rows.get(0).size())
                .mapToObj(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, List<Integer> widths) {
        return IntStream.range(0, row.size())
                .mapToObj(column ->
                        String.format(Locale.ROOT, "%-" + Math.max(1, widths.get(column)) + "s", row.get(column)))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    /** A foreign text (an answer, a key) on one line, without characters that could control a terminal. */
    static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    static String oneLine(String text, int longest) {
        String line = oneLine(text);
        return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A table of dead letters, with the beginning of each id, which is enough to select it. */
    public static List<String> deadLetters(List<DeadLetter> letters) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("id", "status", "reason", "key", "pipeline", "set aside"));
        for (DeadLetter letter : letters) {
            rows.add(List.of(
                    letter.id().substring(0, Math.min(SHORT_ID, letter.id().length())),
                    letter.status() == null ? "" : letter.status().toString(),
                    oneLine(letter.reason(), SHORT_TEXT),
                    oneLine(letter.key(), SHORT_TEXT),
                    oneLine(letter.pipeline()),
                    time(letter)));
        }
        return table(rows);
    }

    /** All fields of one dead letter, the payload last. */
    public static List<String> deadLetter(DeadLetter letter) {
        return List.of(
                "id           " + letter.id(),
                "reason       " + oneLine(letter.reason()),
                "status       " + (letter.status() == null ? "none" : letter.status()),
                "pipeline     " + oneLine(letter.pipeline()),
                "refused in   "
                        + (letter.destination() == null
                                ? "a step before its batch"
                                : "route " + oneLine(letter.destination())),
                "key          " + oneLine(letter.key()),
                "set aside    " + time(letter),
                "payload      " + oneLine(String.valueOf(letter.payload())));
    }

    private static String time(DeadLetter letter) {
        return letter.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
