package dev.drover.pages;

import dev.drover.ledger.Cursor;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the highest committed key, then waits until every writer that was at work after that has ended. A row with
 * a lower key was given its key before the highest was committed, so its writer was at work then: it has ended now,
 * and the row can be seen or never will be. Writers that begin meanwhile get higher keys and are not waited for. (The
 * grace period of read-copy-update; PostgreSQL's CREATE INDEX CONCURRENTLY waits for writers in the same way.)
 */
final class WritersGone implements UpperKey {

    private static final int LOOKS = 50;
    private static final long BETWEEN_LOOKS_MILLIS = 4;

    /** Who is at work, by a name that no later transaction has. */
    @FunctionalInterface
    interface Writers {
        Set<String> at(Connection connection) throws SQLException;
    }

    private final DataSource source;
    private final HighestKey highest;
    private final Writers writers;
    private @Nullable Cursor candidate;
    private final Set<String> awaited = new HashSet<>();

    WritersGone(DataSource source, HighestKey highest, Writers writers) {
        this.source = source;
        this.highest = highest;
        this.writers = writers;
    }

    @Override
    public Optional<Found> find(@Nullable Cursor known) throws SQLException, InterruptedException {
        try (Connection connection = source.getConnection()) {
            if (candidate == null) {
                Cursor found = highest.find(connection).orElse(null);
                if (found == null || found.equals(known)) {
                    return Optional.of(new Found(known));
                }
                awaited.addAll(writers.at(connection)); // not before the highest key was seen
                candidate = found;
            }
            return await(connection);
        }
    }

    private Optional<Found> await(Connection connection) throws SQLException, InterruptedException {
        for (int look = 0; !awaited.isEmpty() && look < LOOKS; look++) {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
            awaited.retainAll(writers.at(connection));
        }
        if (!awaited.isEmpty()) {
            return Optional.empty();
        }
        Cursor safe = candidate;
        candidate = null;
        return Optional.of(new Found(safe));
    }
}
