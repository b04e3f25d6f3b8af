package dev.drover.ledger;

import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of a pipeline again by their keys, and sends the current rows through the route of the pipeline. It has no
 * checkpoint. For one thread at a time.
 */
public interface Reread {

    enum Result {
        /** It was collected, delivered or failed. The ledger knows when it is settled. */
        ON_ITS_WAY,
        /** A step filtered it out; it is settled. */
        FILTERED,
        /** The pipeline does not read it any more. */
        GONE
    }

    /**
     * Reads a row and sends it as a page with one row.
     *
     * @param ledger the ledger in which the row is settled
     * @param key the key, as it was read before
     * @param payload what was sent; null if it is not known
     * @param found receives the key as it is read now, before any step sees the row
     * @throws SQLException if the row cannot be read now; to be tried again
     * @throws IllegalArgumentException if the row cannot be read by this key; the message is the rest of a sentence
     *     that begins with "they"
     */
    Result send(Ledger ledger, Cursor key, @Nullable String payload, Consumer<Cursor> found) throws SQLException;
}
