package dev.drover.deadletter;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/**
 * A dead letter as the row of a page: its id stands for its key. Knows whether it was refused again, which the
 * dead-letter route finds out. Thread-safe.
 */
final class ReplayedRecord extends AbstractMap<String, Object> {

    /** The only column. */
    static final String KEY = "id";

    private final DeadLetter letter;
    private volatile boolean refusedAgain;

    ReplayedRecord(DeadLetter letter) {
        this.letter = letter;
    }

    DeadLetter letter() {
        return letter;
    }

    void refuseAgain() {
        refusedAgain = true;
    }

    boolean isRefusedAgain() {
        return refusedAgain;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return Set.of(Map.entry(KEY, letter.id()));
    }
}
