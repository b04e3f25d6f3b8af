package dev.drover.deadletter;

import dev.drover.store.DeadLetter;

/** A dead letter that is sent again, and what has become of it. Thread-safe. */
final class ReplayedLetter {

    /** What its row turned out to be. */
    enum Row {
        /** It was sent, or nothing is known of it. */
        SENT,
        /** A step filtered it out. */
        FILTERED,
        /** It is not there any more. */
        GONE,
        /** It cannot be read again; the reason is counted. */
        UNREADABLE
    }

    private final DeadLetter letter;
    private volatile Row row = Row.SENT;
    private volatile boolean refusedAgain;
    private volatile boolean removed;

    ReplayedLetter(DeadLetter letter) {
        this.letter = letter;
    }

    DeadLetter letter() {
        return letter;
    }

    void row(Row found) {
        row = found;
    }

    Row row() {
        return row;
    }

    /** The dead-letter route has it again: it stays, whatever else becomes of its row. */
    void refuseAgain() {
        refusedAgain = true;
    }

    boolean isRefusedAgain() {
        return refusedAgain;
    }

    /** It is no more in the store. */
    void remove() {
        removed = true;
    }

    boolean isRemoved() {
        return removed;
    }
}
