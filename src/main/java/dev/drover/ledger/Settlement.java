package dev.drover.ledger;

import java.time.Duration;
import java.util.List;

/**
 * What is durably recorded of settled pages: a checkpoint moves over them, or each claim is marked by itself.
 * Called by one thread at a time.
 */
public interface Settlement {

    /**
     * Whether pages are settled as they were read, each only after all older ones, as a checkpoint is. If not, each
     * record is settled by itself, as a claim is: {@link #settle} is given one page of one row for each, and no record
     * waits for its neighbours.
     */
    boolean inOrder();

    /**
     * Whether only the thread that reads may settle, as with a client that knows one thread: what other threads settle is
     * then written when that thread calls {@link Ledger#retryWrites}.
     */
    default boolean isByReader() {
        return false;
    }

    /** The epoch of the owner that settles; 0 where there is no owner. */
    default long epoch() {
        return 0;
    }

    /**
     * The shortest time between two writes while there is more to come, so that one serves several pages; zero, the
     * default, writes each page at once. Only for what is settled in order.
     */
    default Duration pace() {
        return Duration.ZERO;
    }

    /** How many records were ever settled in order; 0 where they are not settled in order. */
    default long settled() {
        return 0;
    }

    /** The right to act for the pipeline; endless where no other process can own it. */
    default Lease lease() {
        return Lease.ENDLESS;
    }

    /**
     * The number of this run over the source. It is another one whenever a user sets the place from which the source is
     * read. It distinguishes records that are sent again on purpose from those that are sent again after a crash. 0
     * where the place cannot be set.
     */
    default long run() {
        return 0;
    }

    /**
     * What tells this row from any other that has or had the same key: another row may get the key of one that is gone.
     * The same until the row is settled, after a crash too; empty where {@link #run} tells them apart, as a key is read
     * once in a run.
     */
    default String life(Cursor key) {
        return "";
    }

    /**
     * Records durably that these pages are settled, all or none.
     *
     * @throws FencedException if another owner has taken the pipeline over; nothing was written
     * @throws SettlementException if it cannot be written now; it is tried again with the same pages
     */
    void settle(List<SettledPage> pages);
}
