package dev.drover.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Formats the output of the commands. */
public final class Text {

    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

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
}
