package dev.drover.rows;

import dev.drover.config.ByteLimits;
import dev.drover.config.Consistency;
import dev.drover.config.OptionException;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.ReadFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table page by page. A connection is borrowed for one page and returned before the page is. The database is not
 * used before the first page, so it may be down when this object is created. Thread-safe.
 *
 * <p>A value longer than {@link ByteLimits#maxValueBytes} is not loaded. If the column types allow a page longer than
 * {@link ByteLimits#maxPageBytes}, a query before the page reads only the lengths, and the page may end early. A database
 * cursor is no alternative: PostgreSQL's would need a transaction and a guess of the fetch size, and MariaDB's driver would
 * have to receive the rest of the page.
 */
public final class TableReader implements PageReader {

    private final DataSource dataSource;
    private final String table;
    private final List<String> columns;
    private final List<String> key;
    private final Consistency consistency;
    private final Duration queryTimeout;
    private final ByteLimits limits;
    private Set<String> left = Set.of();
    private volatile @Nullable Known known;

    /**
     * The properties of the table.
     *
     * @param list the select list
     * @param proven whether the catalog proves that the key is unique
     */
    private record Known(
            KeysetQuery query, String list, LongColumns longColumns, DatabaseOrder order, boolean proven) {}

    /** Creates a reader of all columns with the default time-out and limits. */
    public TableReader(DataSource dataSource, String table, List<String> key) {
        this(dataSource, table, List.of(), key, Consistency.STATIC, PageQuery.DEFAULT_TIMEOUT, ByteLimits.DEFAULT);
    }

    /**
     * Creates a reader.
     *
     * @param columns the columns to read, including the key; empty for all
     * @param key the unique, ordered columns
     * @param consistency the mode, which may add a condition to the query
     * @param queryTimeout the longest time for a query if the data source has no limit of its own, rounded up to seconds;
     *     zero for no limit
     * @throws IllegalArgumentException if a name is invalid or the time-out is negative
     */
    public TableReader(
            DataSource dataSource,
            String table,
            List<String> columns,
            List<String> key,
            Consistency consistency,
            Duration queryTimeout,
            ByteLimits limits) {
        new KeysetQuery(Dialect.STANDARD, table, columns, key, consistency)
                .sql(PageRequest.after(null, 1)); // refuses bad names early
        if (queryTimeout.isNegative()) {
            throw new OptionException("queryTimeout", "must not be negative, but is " + queryTimeout);
        }
        this.dataSource = dataSource;
        this.table = table;
        this.columns = List.copyOf(columns);
        this.key = List.copyOf(key);
        this.consistency = consistency;
        this.queryTimeout = queryTimeout;
        this.limits = limits;
    }

    /** A reader that omits these columns if it reads all. Names are in lower case and match any case. */
    public TableReader without(Set<String> names) {
        TableReader reader = new TableReader(dataSource, table, columns, key, consistency, queryTimeout, limits);
        reader.left = names;
        return reader;
    }

    /** The unique, ordered columns by which the table is read. */
    public List<String> key() {
        return key;
    }

    /** The columns that are read, including the key; empty for all. */
    public List<String> columns() {
        return columns;
    }

    /** The largest values and pages that are read. */
    public ByteLimits limits() {
        return limits;
    }

    /**
     * Reads one page.
     *
     * @throws SQLException if the database fails; the message has no values of rows
     * @throws UnorderedPageException if the keys of the page do not rise, or a row has none
     */
    @Override
    public Page read(PageRequest page) throws SQLException {
        List<SourceRecord> records;
        PageKeys keys;
        boolean drained;
        try (Connection connection = dataSource.getConnection()) {
            Known found = known(connection);
            int limit = page.limit();
            int fitting = found.longColumns().mayPassPage(limit) ? fitting(connection, found, page) : limit;
            // the next row, which is read again, shows whether a key stands on both sides of the page's end
            int asked = found.proven() || !page.keys().isEmpty() ? fitting : fitting + 1;
            List<SourceRecord> rows = records(connection, found, page.limitedTo(asked));
            PageKeys read = PageKeys.of(key, rows);
            new KeyOrder(key, found.order().over(connection)).prove(page.limitedTo(asked), read);
            drained = rows.size() < asked;
            records = rows.subList(0, Math.min(fitting, rows.size()));
            keys = read.first(records.size());
        } catch (SQLException e) {
            known = null;
            throw ReadFailure.of(table, e);
        }
        if (drained) {
            // look at the columns again, because a page that selects them by name does not see a new one
            known = null;
        }
        return new Page(records, keys.isEmpty() ? null : keys.get(keys.size() - 1), drained);
    }

    /** The number of rows that fit into a page by their bytes, including the row that exceeds the limit. */
    private int fitting(Connection connection, Known found, PageRequest page) throws SQLException {
        int limit = page.limit();
        String lengths = found.query().sql(page, found.longColumns().lengths());
        if (sum(connection, found, found.longColumns().sumOf(lengths), page) <= limits.maxPageBytes()) {
            return limit;
        }
        try (PreparedStatement statement = prepare(connection, found, lengths, page);
                ResultSet rows = statement.executeQuery()) {
            long bytes = 0;
            for (int row = 1; rows.next(); row++) {
                bytes += loaded(rows);
                if (bytes > limits.maxPageBytes()) {
                    return row;
                }
            }
            return limit;
        }
    }

    /** The bytes of all rows. They nearly always fit, and the lengths of the rows would cost half as much as the page. */
    private long sum(Connection connection, Known found, String sql, PageRequest page) throws SQLException {
        try (PreparedStatement statement = prepare(connection, found, sql, page);
                ResultSet sums = statement.executeQuery()) {
            sums.next();
            long bytes = 0;
            for (int column = 1; column <= sums.getMetaData().getColumnCount(); column++) {
                bytes += sums.getLong(column);
            }
            return bytes;
        }
    }

    /** The bytes of the current row without values that are not loaded. */
    private long loaded(ResultSet lengths) throws SQLException {
        long bytes = 0;
        for (int column = 1; column <= lengths.getMetaData().getColumnCount(); column++) {
            long length = lengths.getLong(column);
            bytes += limits.refuses(length) ? 0 : length;
        }
        return bytes;
    }

    private List<SourceRecord> records(Connection connection, Known found, PageRequest page) throws SQLException {
        String guarded = found.longColumns().guarded().orElse(null);
        String list = guarded == null ? found.list() : guarded;
        int[] checked = guarded == null ? new int[0] : found.longColumns().checked();
        try (PreparedStatement statement =
                        prepare(connection, found, found.query().sql(page, list), page);
                ResultSet rows = statement.executeQuery()) {
            RowReader reader = new RowReader(rows, limits.maxValueBytes(), checked);
            List<SourceRecord> records = new ArrayList<>(Math.min(page.limit(), 1024));
            while (rows.next()) {
                records.add(reader.read());
            }
            return records;
        }
    }

    private PreparedStatement prepare(Connection connection, Known found, String sql, PageRequest page)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            PageQuery.limit(statement, queryTimeout);
            statement.setFetchSize(page.limit());
            found.query().bind(statement, page);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private Known known(Connection connection) throws SQLException {
        Known found = known;
        if (found == null) {
            Dialect dialect = Dialect.of(connection);
            KeysetQuery query = KeysetQuery.of(connection, table, columns, key, consistency);
            try (Statement statement = connection.createStatement()) {
                PageQuery.limit(statement, queryTimeout);
                String list = list(statement, query, dialect);
                try (ResultSet none = statement.executeQuery(query.noRows(list))) {
                    found = new Known(
                            query,
                            list,
                            new LongColumns(dialect, none.getMetaData(), key, limits),
                            new DatabaseOrder(dialect, new PageQuery(query.allKeys(), nothing -> {})),
                            query.names()
                                    .facts()
                                    .filter(facts -> facts.isUnique(key))
                                    .isPresent());
                }
            }
            known = found;
        }
        return found;
    }

    private String list(Statement statement, KeysetQuery query, Dialect dialect) throws SQLException {
        if (left.isEmpty() || !columns.isEmpty()) {
            return query.list();
        }
        try (ResultSet none = statement.executeQuery(query.noRows(query.list()))) {
            List<String> list = new ArrayList<>();
            for (int column = 1; column <= none.getMetaData().getColumnCount(); column++) {
                String name = none.getMetaData().getColumnName(column);
                if (!left.contains(name.toLowerCase(Locale.ROOT))) {
                    list.add(dialect.quoteExactly(name));
                }
            }
            return String.join(", ", list);
        }
    }
}
