package dev.drover.consistency;

import dev.drover.rows.HighestKey;
import dev.drover.sql.Names;
import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that write to a table of PostgreSQL. A writer locks the table that its INSERT names before its key is
 * assigned, and keeps the lock until it ends. Prepared transactions keep it too. The INSERT may name this table, or a
 * table above or below it by partitioning or inheritance. Every user may see these locks.
 */
public record PostgresWriters(HighestKey highest) implements Writers {

    // A partition is locked only after its parent has assigned the key, so the tables above count too.
    private static final String LOCKS = Inheritance.BELOW_AND_ABOVE
            + """
            SELECT DISTINCT CAST(pg_postmaster_start_time() AS text), pg_is_in_recovery(), virtualtransaction, pid
            FROM (VALUES (1)) AS life LEFT JOIN pg_locks ON locktype = 'relation' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (relation IN (SELECT oid FROM below) OR relation IN (SELECT oid FROM above))
              AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
            """;

    /** The beginning of a query for {@link #sessions}. */
    static final String TRANSACTIONS =
            """
            SELECT l.pid, a.usename, a.application_name, a.state, p.gid,
             CAST(date_trunc('second', coalesce(a.xact_start, p.prepared)) AS text)
            FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
             LEFT JOIN pg_prepared_xacts p ON p.transaction = l.transactionid AND l.pid IS NULL
            """;

    private static final String DESCRIBED = TRANSACTIONS
            + """
            WHERE l.virtualtransaction = ANY (string_to_array(?, ','))
              AND l.locktype = CASE WHEN l.pid IS NULL THEN 'transactionid' ELSE 'virtualxid' END AND l.granted
            ORDER BY 6, 1
            """;

    /** A lock on the table; without a writer if nobody holds one. */
    private record Lock(String life, boolean onStandby, @Nullable String writer, boolean prepared) {

        static Lock of(ResultSet row) throws SQLException {
            return new Lock(row.getString(1), row.getBoolean(2), row.getString(3), row.getString(4) == null);
        }
    }

    @Override
    public Seen at(Connection connection) throws SQLException {
        String table = Names.of(connection, highest.table()).table();
        Set<String> sessions = new HashSet<>();
        Set<String> prepared = new HashSet<>();
        String life = "";
        for (Lock lock : Query.all(connection, LOCKS, Lock::of, table, table)) {
            if (lock.onStandby()) {
                throw new SQLException("the server is a standby now, which does not see its primary's writers");
            }
            life = lock.life();
            if (lock.writer() != null) {
                (lock.prepared() ? prepared : sessions).add(lock.writer());
            }
        }
        return new Seen(life, sessions, prepared);
    }

    @Override
    public String describe(Connection connection, Set<String> names) throws SQLException {
        return sessions(connection, DESCRIBED, String.join(",", names));
    }

    /** Describes the transactions of a query that returns pid, user, application, state, prepared name and start. */
    static String sessions(Connection connection, String sql, String parameter) throws SQLException {
        return Awaited.transactions(Query.all(connection, sql, PostgresWriters::transaction, parameter));
    }

    private static String transaction(ResultSet row) throws SQLException {
        String prepared = row.getString(5);
        String since = row.getString(6);
        return prepared == null
                ? Awaited.session("pid " + row.getLong(1), since, row.getString(2), row.getString(3), row.getString(4))
                : Awaited.prepared(prepared, since);
    }
}
