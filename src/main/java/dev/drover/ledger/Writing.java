package dev.drover.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Settles pages and records of a window, and writes what is settled to the settlement.
 *
 * <p>One thread at a time writes. It takes the settled pages under the lock and writes them without it. When other
 * threads settle more meanwhile, the same thread writes that too, so they need not wait. A failed write is repeated by
 * the next one. Thread-safe.
 */
public final class Writing {

    private final LedgerLock lock;
    private final Window window;
    private final Settlement settlement;
    private final Ending ending;
    private final Tally tally;
    private final boolean byReader;
    private volatile @Nullable SettlementException unwritable;
    private volatile long last = System.nanoTime();

    /**
     * Creates the writer of a window.
     *
     * @param lock guards the window
     * @param ending halted if a write can never succeed
     * @param tally counts failed writes
     */
    Writing(LedgerLock lock, Window window, Settlement settlement, Ending ending, Tally tally) {
        this.lock = lock;
        this.window = window;
        this.settlement = settlement;
        this.ending = ending;
        this.tally = tally;
        this.byReader = settlement.isByReader();
    }

    /**
     * Gives back the room that a page reserved and did not need.
     *
     * @return false if the page was abandoned
     */
    boolean read(OpenPage page, int rows) {
        return lock.changed(() -> window.read(page, rows));
    }

    /** Removes a page that could not be read or was empty. */
    void discard(OpenPage page) {
        lock.change(() -> window.discard(page));
        writeUnlessByReader();
    }

    /** Settles a page whose last hold was released. */
    void settled(OpenPage page) {
        lock.change(() -> window.settled(page));
        writeUnlessByReader();
    }

    /** Whether each record is settled by itself, with its key. */
    boolean settlesByRecord() {
        return window.settlesByRecord();
    }

    /** Settles records of a page, if records are settled one by one. The next {@link #writeRecords} writes them. */
    void settledRecords(OpenPage page, Supplier<? extends Collection<Cursor>> keys) {
        if (settlesByRecord()) {
            Collection<Cursor> settled = keys.get();
            if (!settled.isEmpty()) {
                lock.change(() -> window.settled(settled, page.trace().take()));
            }
        }
    }

    /** Writes the records that were settled one by one, all together. Does nothing if whole pages are settled. */
    public void writeRecords() {
        if (settlesByRecord()) {
            writeUnlessByReader();
        }
    }

    private void writeUnlessByReader() {
        if (!byReader) {
            write();
        }
    }

    /** Writes what is settled, without waiting for more: now, or right after a write that is under way. */
    public void writeNow() {
        lock.change(window::wantWrite);
        write();
    }

    /**
     * Writes what is settled, unless it should wait for more. If another thread is writing, that thread writes it. Call
     * this from time to time, so that failed writes are repeated.
     */
    public void write() {
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

    /** Ends the write in one change: no thread may see that it has ended while its records are still in the window. */
    private void end(List<SettledPage> pages, boolean written) {
        lock.change(() -> {
            if (written) {
                window.written(pages, settlement.pace());
            } else {
                window.notWritten(pages, settlement.pace());
            }
        });
    }

    /** The time since the last successful write, or since the start if there was none. */
    public Duration lastAge() {
        return Duration.ofNanos(System.nanoTime() - last);
    }

    /** Why the last write failed; empty if it succeeded. */
    public Optional<SettlementException> unwritable() {
        return Optional.ofNullable(unwritable);
    }
}
