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
 * Looks up the highest committed key, then waits until every writer that was at work after that has ended. A row with
 * a lower key was given its key before the highest was committed, so its writer was at work then: it has ended now,
 * and the row can be seen or never will be. Writers that begin meanwhile get higher keys and are not waited for. (The
 * grace period of read-copy-update; PostgreSQL's CREATE INDEX CONCURRENTLY waits for writers in the same way.)
 *
 * <p>The names of writers hold for one life of one server. When another life answers, the look begins anew: the highest
 * key first, then its writers.
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
                Writers.Seen seen = writers.at(connection); // not before the highest key was seen
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
                awaited = "the server, which has started again or is another one, to name its writers anew";
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

    /** A session's transaction that is gone may live on as a prepared one, by a name that only its server knows. */
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
