package dev.drover.consistency;

import dev.drover.ledger.Cursor;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds rows that are committed but cannot be read yet, after everything else has been read. For one thread. */
@FunctionalInterface
public interface HeldBack {

    /** For modes in which every committed row can be read. */
    HeldBack NOTHING = after -> Optional.empty();

    /**
     * Looks for such rows.
     *
     * @param after the key of the last row that was read; null before the first
     * @return what holds them back, for people; empty if there are none and all rows of the first look have been read
     * @throws SQLException if the database fails; to be tried again
     */
    Optional<String> find(@Nullable Cursor after) throws SQLException;
}
