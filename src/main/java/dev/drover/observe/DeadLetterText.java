package dev.drover.observe;

import dev.drover.store.DeadLetter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Dead letters for people. */
public final class DeadLetterText {

    private static final int SHORT_ID = 12;
    private static final int SHORT_TEXT = 60;

    private DeadLetterText() {}

    /** A head and a line for each dead letter, with the beginning of its id, which is enough to name it. */
    public static List<String> table(List<DeadLetter> letters) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("id", "status", "reason", "key", "pipeline", "set aside"));
        for (DeadLetter letter : letters) {
            rows.add(List.of(
                    letter.id().substring(0, Math.min(SHORT_ID, letter.id().length())),
                    letter.status() == null ? "" : letter.status().toString(),
                    OneLine.of(letter.reason(), SHORT_TEXT),
                    OneLine.of(letter.key(), SHORT_TEXT),
                    OneLine.of(letter.pipeline()),
                    time(letter)));
        }
        return Table.of(rows);
    }

    /** All facts of one dead letter, its payload last. */
    public static List<String> details(DeadLetter letter) {
        return List.of(
                "id           " + letter.id(),
                "reason       " + OneLine.of(letter.reason()),
                "status       " + (letter.status() == null ? "none" : letter.status()),
                "pipeline     " + OneLine.of(letter.pipeline()),
                "refused in   "
                        + (letter.destination() == null
                                ? "a step before its batch"
                                : "route " + OneLine.of(letter.destination())),
                "key          " + OneLine.of(letter.key()),
                "set aside    " + time(letter),
                "payload      " + OneLine.of(String.valueOf(letter.payload())));
    }

    private static String time(DeadLetter letter) {
        return letter.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
