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
    private final int timeoutSeconds;
    private volatile @Nullable KeysetQuery query;

    /** Reads all columns with the default time-out. */
    public TableReader(DataSource dataSource, String table, List<String> key) {
        this(dataSource, table, List.of(), key, DEFAULT_QUERY_TIMEOUT);
    }

    /**
     * Reads some columns, or with a time-out of its own.
     *
     * @param columns the columns to read, the key among them; none for all
     * @param key the unique, ordered columns
     * @param queryTimeout how long a query may run, in whole seconds (a part of one counts as one); zero for no limit
     * @throws IllegalArgumentException when a name or the time-out makes no sense
     */
    public TableReader(
            DataSource dataSource, String table, List<String> columns, List<String> key, Duration queryTimeout) {
        new KeysetQuery(Dialect.STANDARD, table, columns, key).nextPage(); // refuses bad names early
        if (queryTimeout.isNegative()) {
            throw new IllegalArgumentException("queryTimeout: must not be negative, but is " + queryTimeout);
        }
        this.dataSource = dataSource;
        this.table = table;
        this.columns = List.copyOf(columns);
        this.key = List.copyOf(key);
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
     * @param after the cursor to go on after, null for the start of the table
     * @param limit how many rows at most, at least 1
     * @throws SQLException when the database fails; its message holds no values of rows
     * @throws IllegalStateException when the last row has no key
     */
    public Page read(@Nullable Cursor after, int limit) throws SQLException {
        if (limit < 1) {
            throw new IllegalArgumentException("a page needs at least 1 row, not " + limit);
        }
        List<SourceRecord> records;
        try (Connection connection = dataSource.getConnection()) {
            records = records(connection, after, limit);
        } catch (SQLException e) {
            throw ReadFailure.of(table, e);
        }
        Cursor last = records.isEmpty() ? null : records.get(records.size() - 1).cursor(key);
        return new Page(records, last, records.size() < limit);
    }

    private List<SourceRecord> records(Connection connection, @Nullable Cursor after, int limit) throws SQLException {
        KeysetQuery keyset = query(connection);
        String sql = after == null ? keyset.firstPage() : keyset.nextPage();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout(timeoutSeconds);
            statement.setFetchSize(limit);
            keyset.bind(statement, after, limit);
            try (ResultSet rows = statement.executeQuery()) {
                return records(rows, limit);
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
            known = new KeysetQuery(Dialect.of(connection), table, columns, key);
            query = known;
        }
        return known;
    }
}
