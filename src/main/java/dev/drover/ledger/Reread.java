package dev.drover.ledger;

import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Reads rows of a pipeline again, each by its key, and sends them through the pipeline's own route as they are now. Has
 * no checkpoint. For one thread at a time.
 */
public interface Reread {

    /** What became of a row. */
    enum Result {
        /** It was collected or delivered, or it failed: the ledger tells when it is settled, and the error clauses how. */
        ON_ITS_WAY,
        /** A step filtered it out; it is settled. */
        FILTERED,
        /** It is not among the rows that the pipeline reads. */
        GONE
    }

    /**
     * Reads the row of this key and sends it, as a page of its own.
     *
     * @param ledger in which it is settled
     * @param key of the row, as it was read before
     * @param found receives the key of the row as it is read now, before any step sees the row
     * @throws SQLException if the row could not be read; it can be tried again
     * @throws IllegalArgumentException if it cannot be read by this key at all: what such rows do, for a sentence that
     *     begins with "they"
     */
    Result send(Ledger ledger, Cursor key, Consumer<Cursor> found) throws SQLException;
}
