package dev.drover.consistency;

import dev.drover.ledger.Cursor;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells of rows that are committed and cannot be read yet, once nothing more can be read. For one thread. */
@FunctionalInterface
public interface HeldBack {

    /** Where whatever is committed can be read. */
    HeldBack NOTHING = after -> Optional.empty();

    /**
     * Looks for such rows.
     *
     * @param after the key of the last row that was read; null before the first
     * @return what keeps them back, for people; empty when there are none, and all that were there at the first look
     *     have been read
     * @throws SQLException when the database fails, to be tried again
     */
    Optional<String> find(@Nullable Cursor after) throws SQLException;
}
