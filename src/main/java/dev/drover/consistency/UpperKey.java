package dev.drover.consistency;

import dev.drover.ledger.Cursor;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds a key up to which the source may be read: no row with a lower key can be committed later. For one thread.
 */
@FunctionalInterface
public interface UpperKey {

    /**
     * Looks for such a key. Waits for writers only for a moment.
     *
     * @param known the last key that was found; null if there is none
     * @return the highest such key; empty while writers are at work
     * @throws SQLException if the database fails; to be tried again
     */
    Optional<Found> find(@Nullable Cursor known) throws SQLException, InterruptedException;

    /** Why the last look found nothing, for people. */
    default String awaited() {
        return "the writers at work";
    }

    /**
     * A key that was found.
     *
     * @param key null if the source is empty
     */
    record Found(@Nullable Cursor key) {}
}
