package dev.drover.ledger;

import java.util.List;

/**
 * A page whose records are all settled, or a single record if records are settled one by one.
 *
 * @param last the key that the checkpoint moves to: the key of the last row, or a later key for rows that were read late
 * @param rows the number of rows, at least 1
 * @param keys the keys of the rows as they were read; empty if they are unknown
 * @param fates the ends of the rows; all zero if they are unknown
 * @param trace the end of each row; empty unless the pipeline is traced
 */
public record SettledPage(Cursor last, int rows, List<Cursor> keys, Fates fates, List<Traced> trace) {

    /**
     * The number of rows by their end. The sum is the number of rows if every row is accounted for.
     *
     * @param delivered rows that were delivered and not dead-lettered for any destination
     * @param filtered rows that ended in the route and were sent nowhere
     * @param deadLettered rows that were dead-lettered
     */
    public record Fates(long delivered, long filtered, long deadLettered) {

        static final Fates UNKNOWN = new Fates(0, 0, 0);

        public Fates plus(Fates more) {
            return new Fates(delivered + more.delivered, filtered + more.filtered, deadLettered + more.deadLettered);
        }
    }

    /** A page whose keys and fates are unknown. */
    public SettledPage(Cursor last, int rows) {
        this(last, rows, List.of(), Fates.UNKNOWN);
    }

    /** A page that is not traced. */
    public SettledPage(Cursor last, int rows, List<Cursor> keys, Fates fates) {
        this(last, rows, keys, fates, List.of());
    }
}
