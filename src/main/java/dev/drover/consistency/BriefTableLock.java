package dev.drover.consistency;

import dev.drover.database.ServerLife;
import dev.drover.ledger.Cursor;
import dev.drover.rows.HighestKey;
import dev.drover.sql.Names;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Locks a table of MariaDB or MySQL against writers for as long as it takes to look up the highest key. A transaction
 * that has written to the table keeps its metadata lock until it ends, so the lock is granted when all of them have
 * ended. A prepared XA transaction without a session keeps no lock. So this class waits by name for those that it finds
 * under the lock.
 *
 * <p>A lock for reading is asked for first, for a second: only writers that have begun keep it waiting, but MariaDB lets
 * new ones pass it, so that writers whose transactions overlap could put it off for ever. Then a lock for writing is
 * asked for, which new readers and writers wait behind: for two seconds, and twice as long each time, up to ten.
 * After each wait the table stays unlocked for twice as long as the wait took.
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
                return Optional.of(new Found(known)); // nothing new, so no writer has to wait
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
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("XA RECOVER")) {
            while (rows.next()) {
                names.add(rows.getString("data"));
            }
        }
        return names;
    }

    /** Which tables they have written to is not known, so all of the server are named. */
    private static String open(Connection connection) throws SQLException {
        List<String> transactions = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(OPEN)) {
            while (rows.next()) {
                transactions.add(Awaited.session(
                        "thread " + rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getString(5)));
            }
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_PRIVILEGE) {
                return "open transactions, which need the privilege PROCESS to be named";
            }
            throw e;
        }
        return Awaited.transactions(transactions);
    }

    @Override
    public String awaited() {
        return awaited;
    }
}
