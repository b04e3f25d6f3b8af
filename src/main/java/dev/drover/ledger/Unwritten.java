package dev.drover.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The settled pages that are not written yet, and when they are to be. Guarded by the lock of its {@link Ledger}; what
 * was taken is written without it.
 */
final class Unwritten {

    private final List<SettledPage> pages = new ArrayList<>();
    private boolean writing;
    private boolean wanted;
    private long due = System.nanoTime();

    void add(SettledPage page) {
        pages.add(page);
    }

    /** Whether everything that was settled is written. */
    boolean isNone() {
        return pages.isEmpty() && !writing;
    }

    /** The next write is not to wait for more, also if one is under way now. */
    void want() {
        wanted = true;
    }

    /**
     * All of them, to be written and then given to {@link #written} or {@link #notWritten}; none while others are written.
     *
     * @param mayWait whether more is to come and nothing waits for the write: it then keeps the pace
     */
    List<SettledPage> take(boolean mayWait) {
        boolean later = mayWait && !wanted && System.nanoTime() - due < 0;
        if (writing || pages.isEmpty() || later) {
            return List.of();
        }
        writing = true;
        wanted = false;
        List<SettledPage> taken = List.copyOf(pages);
        pages.clear();
        return taken;
    }

    /** What was taken is written; the next write waits for this long if it may. */
    void written(Duration pace) {
        writing = false;
        due = System.nanoTime() + pace.toNanos();
    }

    /** What was taken is to be written with the next, in the same order. */
    void notWritten(List<SettledPage> taken, Duration pace) {
        written(pace);
        pages.addAll(0, taken);
    }
}
