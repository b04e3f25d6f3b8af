package dev.drover.pages;

import dev.drover.ledger.Cursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table page by page. A connection is borrowed for one page and returned before the page is. Nothing is asked
 * of the database before the first page, so it may be down when this object is made. Thread-safe.
 */
public final class TableReader {

    /** How long a query may run when nothing else is said: 30 seconds. */
    public static final Duration DEFAULT_QUERY_TIMEOUT = Duration.ofSeconds(30);

    private final DataSource dataSource;
    private final String table;
    private final List<String> columns;
    private final List<String> key;
    private final Consistency consistency;
    private final int timeoutSeconds;
    private volatile @Nullable KeysetQuery query;

    /** Reads all columns, with the default time-out. */
    public TableReader(DataSource dataSource, String table, List<String> key) {
        this(dataSource, table, List.of(), key, Consistency.STATIC, DEFAULT_QUERY_TIMEOUT);
    }

    /**
     * A reader of some columns.
     *
     * @param columns the columns to read, the key among them; none for all
     * @param key the unique, ordered columns
     * @param consistency the mode of which the query has a condition; any other changes nothing
     * @param queryTimeout how long a query may run, in whole seconds (a part of one counts as one); zero for no limit
     * @throws IllegalArgumentException when a name or the time-out makes no sense
     */
    public TableReader(
            DataSource dataSource,
            String table,
            List<String> columns,
            List<String> key,
            Consistency consistency,
            Duration queryTimeout) {
        new KeysetQuery(Dialect.STANDARD, table, columns, key, consistency)
                .sql(PageRequest.after(null, 1)); // refuses bad names early
        if (queryTimeout.isNegative()) {
            throw new IllegalArgumentException("queryTimeout: must not be negative, but is " + queryTimeout);
        }
        this.dataSource = dataSource;
        this.table = table;
        this.columns = List.copyOf(columns);
        this.key = List.copyOf(key);
        this.consistency = consistency;
        this.timeoutSeconds =
                Math.toIntExact(queryTimeout.plusSeconds(1).minusNanos(1).toSeconds());
    }

    /** The unique, ordered columns by which the table is read. */
    public List<String> key() {
        return key;
    }

    /**
     * Reads one page.
     *
     * @throws SQLException when the database fails; its message holds no values of rows
     * @throws IllegalStateException when the last row has no key
     */
    public Page read(PageRequest page) throws SQLException {
        List<SourceRecord> records;
        try (Connection connection = dataSource.getConnection()) {
            records = records(connection, page);
        } catch (SQLException e) {
            throw ReadFailure.of(table, e);
        }
        Cursor last = records.isEmpty() ? null : records.get(records.size() - 1).cursor(key);
        return new Page(records, last, records.size() < page.limit());
    }

    private List<SourceRecord> records(Connection connection, PageRequest page) throws SQLException {
        KeysetQuery keyset = query(connection);
        try (PreparedStatement statement = connection.prepareStatement(keyset.sql(page))) {
            statement.setQueryTimeout(timeoutSeconds);
            statement.setFetchSize(page.limit());
            keyset.bind(statement, page);
            try (ResultSet rows = statement.executeQuery()) {
                return records(rows, page.limit());
            }
        }
    }

    private static List<SourceRecord> records(ResultSet rows, int limit) throws SQLException {
        RowReader reader = new RowReader(rows);
        List<SourceRecord> records = new ArrayList<>(Math.min(limit, 1024));
        while (rows.next()) {
            records.add(reader.read());
        }
        return records;
    }

    private KeysetQuery query(Connection connection) throws SQLException {
        KeysetQuery known = query;
        if (known == null) {
            known = new KeysetQuery(Dialect.of(connection), table, columns, key, consistency);
            query = known;
        }
        return known;
    }
}
