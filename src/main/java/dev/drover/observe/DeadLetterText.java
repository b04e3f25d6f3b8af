package dev.drover.observe;

import dev.drover.deadletter.DeadLetter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Dead letters for people. */
public final class DeadLetterText {

    private static final int SHORT_ID = 12;
    private static final int SHORT_TEXT = 60;

    private DeadLetterText() {}

    /** A line for each, below a head; the beginning of an id is enough to name one. */
    public static List<String> table(List<DeadLetter> letters) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("id", "pipeline", "key", "set aside", "status", "reason"));
        for (DeadLetter letter : letters) {
            rows.add(List.of(
                    letter.id().substring(0, Math.min(SHORT_ID, letter.id().length())),
                    OneLine.of(letter.pipeline()),
                    OneLine.of(letter.key(), SHORT_TEXT),
                    time(letter),
                    letter.status() == null ? "" : letter.status().toString(),
                    OneLine.of(letter.reason(), SHORT_TEXT)));
        }
        return Table.of(rows);
    }

    /** All that is known of one, its payload last. */
    public static List<String> details(DeadLetter letter) {
        return List.of(
                "id           " + letter.id(),
                "pipeline     " + OneLine.of(letter.pipeline()),
                "refused in   "
                        + (letter.destination() == null
                                ? "a step before its batch"
                                : "route " + OneLine.of(letter.destination())),
                "key          " + OneLine.of(letter.key()),
                "set aside    " + time(letter),
                "status       " + (letter.status() == null ? "none" : letter.status()),
                "reason       " + OneLine.of(letter.reason()),
                "payload      " + OneLine.of(String.valueOf(letter.payload())));
    }

    private static String time(DeadLetter letter) {
        return letter.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
