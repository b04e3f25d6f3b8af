package dev.drover.observe;

import dev.drover.store.DeadLetter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Dead letters as text. */
public final class DeadLetterText {

    private static final int SHORT_ID = 12;
    private static final int SHORT_TEXT = 60;

    private DeadLetterText() {}

    /** A table of dead letters, with the beginning of each id, which is enough to select it. */
    public static List<String> table(List<DeadLetter> letters) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("id", "status", "reason", "key", "pipeline", "set aside"));
        for (DeadLetter letter : letters) {
            rows.add(List.of(
                    letter.id().substring(0, Math.min(SHORT_ID, letter.id().length())),
                    letter.status() == null ? "" : letter.status().toString(),
                    Text.oneLine(letter.reason(), SHORT_TEXT),
                    Text.oneLine(letter.key(), SHORT_TEXT),
                    Text.oneLine(letter.pipeline()),
                    time(letter)));
        }
        return Text.table(rows);
    }

    /** All fields of one dead letter, the payload last. */
    public static List<String> details(DeadLetter letter) {
        return List.of(
                "id           " + letter.id(),
                "reason       " + Text.oneLine(letter.reason()),
                "status       " + (letter.status() == null ? "none" : letter.status()),
                "pipeline     " + Text.oneLine(letter.pipeline()),
                "refused in   "
                        + (letter.destination() == null
                                ? "a step before its batch"
                                : "route " + Text.oneLine(letter.destination())),
                "key          " + Text.oneLine(letter.key()),
                "set aside    " + time(letter),
                "payload      " + Text.oneLine(String.valueOf(letter.payload())));
    }

    private static String time(DeadLetter letter) {
        return letter.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
