package dev.drover.ledger;

import java.time.Duration;
import java.util.List;

/**
 * Records durably which pages are settled: a checkpoint moves past them, or each claim is marked. Called by one thread
 * at a time.
 */
public interface Settlement {

    /**
     * Whether pages are settled in the order in which they were read, as by a checkpoint. If not, as with claims, each
     * record is settled alone: {@link #settle} gets a page with one row for each, and no record waits for others.
     */
    boolean inOrder();

    /**
     * Whether only the reading thread may settle, because its client allows only one thread. The settlements of other
     * threads are then written when that thread calls {@link Ledger#retryWrites}.
     */
    default boolean isByReader() {
        return false;
    }

    /** The epoch of the owner; 0 if there is no owner. */
    default long epoch() {
        return 0;
    }

    /**
     * The shortest time between two writes while more pages follow, so that one write serves several pages. Zero, the
     * default, writes each page at once. Only used if pages are settled in order.
     */
    default Duration pace() {
        return Duration.ZERO;
    }

    /** The number of records that were ever settled; 0 if they are not settled in order. */
    default long settled() {
        return 0;
    }

    /** The lease of the pipeline; endless if no other process can own it. */
    default Lease lease() {
        return Lease.ENDLESS;
    }

    /**
     * The number of this run over the source. It changes whenever a user sets the checkpoint. It distinguishes records
     * that are sent again on purpose from those that are sent again after a crash. 0 if there is no checkpoint to set.
     */
    default long run() {
        return 0;
    }

    /**
     * Distinguishes this row from an earlier row with the same key. It stays the same until the row is settled, even after
     * a crash. Empty if {@link #run} suffices, because a run reads each key once.
     */
    default String life(Cursor key) {
        return "";
    }

    /**
     * Keeps what became of rows that are settled elsewhere; nothing by default.
     *
     * @throws SettlementException if it cannot be written now; to be tried again
     */
    default void trace(List<Traced> rows) {}

    /**
     * Records that these pages are settled, all or none.
     *
     * @throws FencedException if another owner has taken over the pipeline; nothing was written
     * @throws SettlementException if it cannot be written now; to be tried again with the same pages
     */
    void settle(List<SettledPage> pages);
}
