package dev.drover.pages;

import dev.drover.ledger.Backoff;
import dev.drover.ledger.Cursor;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Locks a table of MariaDB or MySQL against writers for as long as it takes to look up the highest key. A transaction
 * that has written to the table keeps its metadata lock until it ends, so the lock is granted when all of them have
 * ended. Writers that come meanwhile wait; to keep that short, the lock is given up after a second and tried again
 * after a growing pause.
 */
final class BriefTableLock implements UpperKey {

    private static final int WAIT_SECONDS = 1;
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    private final DataSource source;
    private final HighestKey highest;
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15));
    private long notBefore = System.nanoTime();

    BriefTableLock(DataSource source, HighestKey highest) {
        this.source = source;
        this.highest = highest;
    }

    @Override
    public Optional<Found> find(@Nullable Cursor known) throws SQLException {
        try (Connection connection = source.getConnection()) {
            Cursor seen = highest.find(connection).orElse(null);
            if (seen == null || seen.equals(known)) {
                return Optional.of(new Found(known)); // nothing new, so nobody has to wait
            }
            return System.nanoTime() - notBefore < 0 ? Optional.empty() : underLock(connection);
        }
    }

    private Optional<Found> underLock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = " + WAIT_SECONDS);
            try {
                statement.execute("LOCK TABLES " + Dialect.MARIADB.quote(highest.table()) + " READ");
                Optional<Cursor> found = highest.find(connection);
                backoff.reset();
                return Optional.of(new Found(found.orElse(null)));
            } finally {
                statement.execute("UNLOCK TABLES");
                statement.execute("SET SESSION lock_wait_timeout = DEFAULT");
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != LOCK_WAIT_TIMEOUT) {
                throw e;
            }
            notBefore = System.nanoTime() + backoff.next().toNanos();
            return Optional.empty();
        }
    }
}
