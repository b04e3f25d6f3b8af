package dev.drover.consistency;

import dev.drover.database.ServerLife;
import dev.drover.ledger.Cursor;
import dev.drover.rows.HighestKey;
import dev.drover.sql.Names;
import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds the highest key of a MariaDB or MySQL table while no transaction is writing to it: it locks the table for the
 * time of the query. A transaction that has written to the table keeps its metadata lock until it ends, so the lock is
 * granted only after all of them have ended. A prepared XA transaction without a session keeps no lock, so this class
 * waits for each one that it finds while the table is locked.
 *
 * <p>The first attempt requests a READ lock for one second. New writers can pass it, so overlapping transactions could
 * delay it for ever. Later attempts request a WRITE lock, behind which new readers and writers wait: for two seconds at
 * first, then for twice the time, up to ten seconds. After each wait the table stays unlocked for twice that time.
 */
public final class BriefTableLock implements UpperKey {

    private static final int LONGEST_WAIT_SECONDS = 10;
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int NO_PRIVILEGE = 1227;

    private static final String OPEN =
            """
            SELECT trx_mysql_thread_id, trx_started, p.USER, p.HOST, p.COMMAND
            FROM information_schema.INNODB_TRX LEFT JOIN information_schema.PROCESSLIST p ON p.ID = trx_mysql_thread_id
            WHERE trx_mysql_thread_id <> CONNECTION_ID() ORDER BY trx_started
            """;

    private final DataSource source;
    private final HighestKey highest;
    private int waitSeconds = 1;
    private long notBefore = System.nanoTime();
    private @Nullable Cursor candidate;
    private String server = "";
    private final Set<String> prepared = new HashSet<>();
    private String awaited = "";

    public BriefTableLock(DataSource source, HighestKey highest) {
        this.source = source;
        this.highest = highest;
    }

    @Override
    public Optional<Found> find(@Nullable Cursor known) throws SQLException {
        try (Connection connection = source.getConnection()) {
            if (candidate != null && ServerLife.of(connection).equals(server)) {
                prepared.retainAll(prepared(connection));
                return found(candidate);
            }
            candidate = null;
            Cursor seen = highest.find(connection).orElse(null);
            if (seen == null || seen.equals(known)) {
                return Optional.of(new Found(known)); // no new row, so no lock is needed
            }
            return System.nanoTime() - notBefore < 0 ? Optional.empty() : underLock(connection);
        }
    }

    private Optional<Found> underLock(Connection connection) throws SQLException {
        long asked = System.nanoTime();
        try (Statement statement = connection.createStatement()) {
            int limit = statement.getQueryTimeout();
            int seconds = limit == 0 ? waitSeconds : Math.max(1, Math.min(waitSeconds, limit - 1));
            statement.execute("SET SESSION lock_wait_timeout = " + seconds);
            try {
                String way = waitSeconds == 1 ? " READ" : " WRITE";
                statement.execute(
                        "LOCK TABLES " + Names.of(connection, highest.table()).table() + way);
                granted(System.nanoTime() - asked);
                Cursor found = highest.find(connection).orElse(null);
                prepared.clear();
                prepared.addAll(prepared(connection));
                server = ServerLife.of(connection);
                return found(found);
            } finally {
                statement.execute("UNLOCK TABLES");
                statement.execute("SET SESSION lock_wait_timeout = DEFAULT");
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != LOCK_WAIT_TIMEOUT) {
                throw e;
            }
            giveTime(System.nanoTime() - asked);
            waitSeconds = Math.min(LONGEST_WAIT_SECONDS, 2 * waitSeconds);
            awaited = open(connection);
            return Optional.empty();
        }
    }

    private void granted(long waitedNanos) {
        if (2 * waitedNanos < TimeUnit.SECONDS.toNanos(waitSeconds)) {
            waitSeconds = Math.max(1, waitSeconds / 2);
        }
        giveTime(waitedNanos);
    }

    private void giveTime(long waitedNanos) {
        notBefore = System.nanoTime() + 2 * waitedNanos;
    }

    private Optional<Found> found(@Nullable Cursor key) {
        if (prepared.isEmpty()) {
            candidate = null;
            return Optional.of(new Found(key));
        }
        candidate = key;
        awaited = Awaited.transactions(prepared.stream()
                .sorted()
                .map(name -> Awaited.prepared(name, null))
                .toList());
        return Optional.empty();
    }

    private static Set<String> prepared(Connection connection) throws SQLException {
        return Set.copyOf(Query.all(connection, "XA RECOVER", row -> row.getString("data")));
    }

    /** Describes all open transactions of the server, because the tables that they have written to are unknown. */
    private static String open(Connection connection) throws SQLException {
        try {
            return Awaited.transactions(Query.all(
                    connection,
                    OPEN,
                    row -> Awaited.session(
                            "thread " + row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5))));
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_PRIVILEGE) {
                return "open transactions, which need the privilege PROCESS to be named";
            }
            throw e;
        }
    }

    @Override
    public String awaited() {
        return awaited;
    }
}
