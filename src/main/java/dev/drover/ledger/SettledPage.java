package dev.drover.ledger;

import java.util.List;

/**
 * A page of which every record is settled; one record, where each is settled by itself.
 *
 * @param last the key that the checkpoint passes with it: the key of its last row, or a later key if its rows were read late
 * @param rows how many rows it had, at least 1
 * @param keys of its rows, as they were read; empty where they are not known
 * @param fates what became of its rows; where they are not known, nothing
 * @param trace the same row by row; empty unless it is traced
 */
public record SettledPage(Cursor last, int rows, List<Cursor> keys, Fates fates, List<Traced> trace) {

    /**
     * What became of rows. They add up to the rows when each is accounted for.
     *
     * @param delivered rows that were delivered, and not set aside by any destination
     * @param filtered rows that ended in the route and were sent nowhere
     * @param deadLettered rows that were set aside
     */
    public record Fates(long delivered, long filtered, long deadLettered) {

        static final Fates UNKNOWN = new Fates(0, 0, 0);

        public Fates plus(Fates more) {
            return new Fates(delivered + more.delivered, filtered + more.filtered, deadLettered + more.deadLettered);
        }
    }

    /** A page of which only this is known. */
    public SettledPage(Cursor last, int rows) {
        this(last, rows, List.of(), Fates.UNKNOWN);
    }

    /** A page that is not traced. */
    public SettledPage(Cursor last, int rows, List<Cursor> keys, Fates fates) {
        this(last, rows, keys, fates, List.of());
    }
}
