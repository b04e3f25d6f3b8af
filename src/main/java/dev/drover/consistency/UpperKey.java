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
     * Looks for such a key; waits for writers for a moment only.
     *
     * @param known the key that was found before, null if none was
     * @return the highest such key; empty while writers are at work, to be asked again
     * @throws SQLException when the database fails, to be tried again
     */
    Optional<Found> find(@Nullable Cursor known) throws SQLException, InterruptedException;

    /** What the last look waited for when it found nothing, for people. */
    default String awaited() {
        return "the writers at work";
    }

    /**
     * What was found.
     *
     * @param key the key, null when the source is empty
     */
    record Found(@Nullable Cursor key) {}
}
