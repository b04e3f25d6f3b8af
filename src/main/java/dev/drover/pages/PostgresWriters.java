package dev.drover.pages;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * The transactions that write to a table of PostgreSQL, its partitions included: a writer holds a lock on the table
 * from before its INSERT is given a key until it ends, prepared transactions too. Any user may see these locks.
 */
final class PostgresWriters implements WritersGone.Writers {

    // A table without partitions is in no partition tree, not even its own.
    private static final String LOCKS =
            """
            SELECT DISTINCT virtualtransaction FROM pg_locks
            WHERE locktype = 'relation' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (relation = CAST(? AS regclass) OR relation IN (SELECT relid FROM pg_partition_tree(CAST(? AS regclass))))
              AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
            """;

    private final String table;

    PostgresWriters(String table) {
        this.table = Dialect.POSTGRESQL.quote(table);
    }

    @Override
    public Set<String> at(Connection connection) throws SQLException {
        Set<String> writers = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(LOCKS)) {
            TableReader.limit(statement, TableReader.DEFAULT_QUERY_TIMEOUT);
            statement.setString(1, table);
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    writers.add(rows.getString(1));
                }
            }
        }
        return writers;
    }
}
