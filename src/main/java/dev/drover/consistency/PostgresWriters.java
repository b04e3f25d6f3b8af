package dev.drover.consistency;

import dev.drover.rows.HighestKey;
import dev.drover.sql.Names;
import dev.drover.sql.PageQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The transactions that write to a table of PostgreSQL: a writer holds a lock on the table that its INSERT names from
 * before the key is given until it ends, prepared transactions too. That table is this one, or one of those above or
 * below it by partitions and inheritance. Any user may see these locks.
 */
public final class PostgresWriters implements Writers {

    // A lock on a partition is taken after its parent has given the key, hence those above.
    private static final String LOCKS = Inheritance.BELOW_AND_ABOVE
            + """
            SELECT DISTINCT CAST(pg_postmaster_start_time() AS text), pg_is_in_recovery(), virtualtransaction, pid
            FROM (VALUES (1)) AS life LEFT JOIN pg_locks ON locktype = 'relation' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (relation IN (SELECT oid FROM below) OR relation IN (SELECT oid FROM above))
              AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
            """;

    private static final String DESCRIBED =
            """
            SELECT l.pid, a.usename, a.application_name, a.state, p.gid,
              CAST(date_trunc('second', coalesce(a.xact_start, p.prepared)) AS text)
            FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
              LEFT JOIN pg_prepared_xacts p ON p.transaction = l.transactionid AND l.pid IS NULL
            WHERE l.virtualtransaction = ANY (string_to_array(?, ','))
              AND l.locktype = CASE WHEN l.pid IS NULL THEN 'transactionid' ELSE 'virtualxid' END AND l.granted
            ORDER BY 6, 1
            """;

    private final HighestKey highest;

    public PostgresWriters(HighestKey highest) {
        this.highest = highest;
    }

    @Override
    public Seen at(Connection connection) throws SQLException {
        String table = Names.of(connection, highest.table()).table();
        Set<String> sessions = new HashSet<>();
        Set<String> prepared = new HashSet<>();
        String life = "";
        try (PreparedStatement statement = connection.prepareStatement(LOCKS)) {
            PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
            statement.setString(1, table);
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    life = rows.getString(1);
                    if (rows.getBoolean(2)) {
                        throw new SQLException("the server is a standby now, which does not see its primary's writers");
                    }
                    String writer = rows.getString(3);
                    if (writer != null) {
                        (rows.getString(4) == null ? prepared : sessions).add(writer);
                    }
                }
            }
        }
        return new Seen(life, sessions, prepared);
    }

    @Override
    public String describe(Connection connection, Set<String> names) throws SQLException {
        return sessions(connection, DESCRIBED, String.join(",", names));
    }

    /** Describes the transactions that a query names by pid, user, application, state, prepared name and beginning. */
    static String sessions(Connection connection, String sql, String parameter) throws SQLException {
        List<String> writers = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String gid = rows.getString(5);
                    String since = rows.getString(6);
                    writers.add(
                            gid == null
                                    ? Awaited.session(
                                            "pid " + rows.getLong(1),
                                            since,
                                            rows.getString(2),
                                            rows.getString(3),
                                            rows.getString(4))
                                    : Awaited.prepared(gid, since));
                }
            }
        }
        return Awaited.transactions(writers);
    }
}
