package dev.drover.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the settlement what is settled in a window. One thread at a time, which has taken what it writes under the
 * lock and writes it without; what other threads settle meanwhile is written by the same thread in one further write, so
 * that they need not wait. What could not be written is taken again by the next write. Thread-safe.
 */
final class Writing {

    private final LedgerLock lock;
    private final Window window;
    private final Settlement settlement;
    private final Ending ending;
    private final Tally tally;
    private final boolean byReader;
    private volatile @Nullable SettlementException unwritable;
    private volatile long last = System.nanoTime();

    /**
     * Has written nothing yet.
     *
     * @param lock guards the window
     * @param ending is halted when nothing can ever be written
     * @param tally counts what could not be written now
     */
    Writing(LedgerLock lock, Window window, Settlement settlement, Ending ending, Tally tally) {
        this.lock = lock;
        this.window = window;
        this.settlement = settlement;
        this.ending = ending;
        this.tally = tally;
        this.byReader = settlement.isByReader();
    }

    /** Something is settled: writes it, unless only the thread that reads may. */
    void writeUnlessByReader() {
        if (!byReader) {
            write();
        }
    }

    /** Writes what is settled now or right after the write that is under way, without waiting for more. */
    void writeNow() {
        lock.change(window::wantWrite);
        write();
    }

    /** Writes what is settled and is not to wait for more; nothing while another thread does: that will write it. */
    void write() {
        List<SettledPage> pages = take();
        while (!pages.isEmpty() && tryWrite(pages)) {
            pages = take();
        }
    }

    private List<SettledPage> take() {
        return lock.locked(() -> window.take(ending.isEnding()));
    }

    private boolean tryWrite(List<SettledPage> pages) {
        boolean written = false;
        try {
            settlement.settle(pages);
            written = true;
            unwritable = null;
            last = System.nanoTime();
        } catch (FencedException e) {
            ending.halt(e.getMessage());
        } catch (SettlementException e) {
            unwritable = e;
            tally.settlementFailed(e);
        } catch (RuntimeException e) {
            // Not thrown on: the caller that released the last hold has delivered its batch and must not repeat it.
            ending.halt("what is settled cannot be written: " + e);
        } finally {
            end(pages, written);
        }
        return written;
    }

    /** In one change with the end of the write: no thread may see it ended and its records still in the window. */
    private void end(List<SettledPage> pages, boolean written) {
        lock.change(() -> {
            if (written) {
                window.written(pages, settlement.pace());
            } else {
                window.notWritten(pages, settlement.pace());
            }
        });
    }

    /** How long ago something was written; if nothing was, for how long this is there. */
    Duration lastAge() {
        return Duration.ofNanos(System.nanoTime() - last);
    }

    /** Why it could not be written when it was last tried; empty when it could. */
    Optional<SettlementException> unwritable() {
        return Optional.ofNullable(unwritable);
    }
}
