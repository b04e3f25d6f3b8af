package dev.drover.consistency;

import dev.drover.ledger.Cursor;
import dev.drover.rows.HighestKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the highest committed key, then waits until every writer that is at work at that moment has ended. A row with
 * a lower key got its key before the highest key was committed, so its writer was at work then. When that writer has
 * ended, the row is visible or was rolled back. Writers that begin later get higher keys and are not awaited. This is
 * the grace period of read-copy-update; PostgreSQL's CREATE INDEX CONCURRENTLY waits in the same way.
 *
 * <p>The names of writers are valid for one life of one server. If another life answers, the look begins again with the
 * highest key.
 */
public final class WritersGone implements UpperKey {

    private static final int LOOKS = 50;
    private static final long BETWEEN_LOOKS_MILLIS = 4;

    private final DataSource source;
    private final HighestKey highest;
    private final Writers writers;
    private @Nullable Cursor candidate;
    private String life = "";
    private final Set<String> sessions = new HashSet<>();
    private final Set<String> detached = new HashSet<>();
    private String awaited = "";

    public WritersGone(DataSource source, HighestKey highest, Writers writers) {
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
                Writers.Seen seen = writers.at(connection); // must come after the highest key
                life = seen.life();
                sessions.addAll(seen.sessions());
                detached.addAll(seen.detached());
                candidate = found;
            }
            return await(connection);
        }
    }

    private Optional<Found> await(Connection connection) throws SQLException, InterruptedException {
        for (int look = 0; isAwaiting() && look < LOOKS; look++) {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
            Writers.Seen seen = writers.at(connection);
            if (!seen.life().equals(life)) {
                awaited = "the writers of a server that has restarted or replaced another one";
                forget();
                return Optional.empty();
            }
            keep(seen);
        }
        if (isAwaiting()) {
            Set<String> names = new HashSet<>(sessions);
            names.addAll(detached);
            awaited = writers.describe(connection, names);
            return Optional.empty();
        }
        Cursor safe = candidate;
        forget();
        return Optional.of(new Found(safe));
    }

    /** A transaction that has left its session may have been prepared, under a name that is unknown here. */
    private void keep(Writers.Seen seen) {
        if (!seen.sessions().containsAll(sessions)) {
            detached.addAll(seen.detached());
        }
        sessions.retainAll(seen.sessions());
        detached.retainAll(seen.detached());
    }

    private boolean isAwaiting() {
        return !sessions.isEmpty() || !detached.isEmpty();
    }

    private void forget() {
        candidate = null;
        sessions.clear();
        detached.clear();
    }

    @Override
    public String awaited() {
        return awaited;
    }
}
