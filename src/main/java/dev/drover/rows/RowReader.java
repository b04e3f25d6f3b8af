package dev.drover.rows;

import dev.drover.config.ByteLimits;
import dev.drover.ledger.Cursor;
import dev.drover.sql.PageQuery;
import dev.drover.sql.ReadFailure;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a result. The columns and their readers are determined once. Not thread-safe. */
public final class RowReader {

    private final ResultSet rows;
    private final long maxValueBytes;
    private final Columns columns;
    private final ColumnReader[] readers;

    /** For each column the column (from 1) with its length in bytes; 0 if there is none. */
    private final int[] lengths;

    private @Nullable String unrepresentable;

    /**
     * Reads all columns.
     *
     * @param maxValueBytes the longest value in bytes; 0 for no limit
     */
    public RowReader(ResultSet rows, long maxValueBytes) throws SQLException {
        this(rows, maxValueBytes, new int[0]);
    }

    /**
     * Reads all columns except the last ones, which have lengths.
     *
     * @param checked the columns (from 0) whose lengths are in the last columns, in order; if such a length exceeds
     *     {@code maxValueBytes}, the query has replaced the value by NULL
     */
    public RowReader(ResultSet rows, long maxValueBytes, int[] checked) throws SQLException {
        ResultSetMetaData metaData = rows.getMetaData();
        int size = metaData.getColumnCount() - checked.length;
        this.rows = rows;
        this.maxValueBytes = maxValueBytes;
        this.columns = Columns.of(metaData, size);
        this.readers = new ColumnReader[size];
        this.lengths = new int[size];
        for (int i = 0; i < checked.length; i++) {
            lengths[checked[i]] = size + i + 1;
        }
        for (int i = 0; i < size; i++) {
            readers[i] = lengths[i] > 0
                    ? ColumnReader.of(metaData, i + 1)
                    : LimitedReader.of(metaData, i + 1, maxValueBytes);
        }
    }

    /** Runs a query whose rows are keys, with the default limits of time and length. */
    public static List<Cursor> keys(PreparedStatement query, List<String> key) throws SQLException {
        PageQuery.limit(query, PageQuery.DEFAULT_TIMEOUT);
        try (ResultSet rows = query.executeQuery()) {
            RowReader reader = new RowReader(rows, ByteLimits.DEFAULT.maxValueBytes());
            List<Cursor> keys = new ArrayList<>();
            while (rows.next()) {
                keys.add(reader.read().cursor(key));
            }
            return keys;
        }
    }

    boolean reads(ResultSet other) {
        return rows == other;
    }

    /** Reads the current row. A row that cannot be represented is marked as such. */
    public SourceRecord read() throws SQLException {
        unrepresentable = null;
        @Nullable Object[] values = new @Nullable Object[readers.length];
        for (int i = 0; i < readers.length; i++) {
            Object value = value(i);
            if (value == null && lengths[i] > 0) {
                checkLength(i);
            }
            values[i] = value;
        }
        return new SourceRecord(columns, values, unrepresentable);
    }

    private void checkLength(int index) throws SQLException {
        long bytes = rows.getLong(lengths[index]);
        if (bytes > maxValueBytes) {
            unrepresentable = UnrepresentableException.tooLong(name(index), bytes, "bytes", maxValueBytes)
                    .getMessage();
        }
    }

    private @Nullable Object value(int index) throws SQLException {
        try {
            return readers[index].read(rows, index + 1);
        } catch (UnrepresentableException e) {
            unrepresentable = e.getMessage();
        } catch (SQLException e) {
            ReadFailure failure = ReadFailure.of("column " + name(index), e);
            if (!isOfTheValue(e)) {
                throw failure;
            }
            unrepresentable = failure.getMessage();
        } catch (RuntimeException e) {
            // a driver that cannot parse a value; its message may quote the value
            unrepresentable =
                    "could not read column " + name(index) + " (" + e.getClass().getName() + ")";
        }
        return null;
    }

    private String name(int index) {
        return columns.names().get(index);
    }

    /** SQLSTATE class 22 is bad data: the next value can still be read, unlike after a lost connection. */
    private static boolean isOfTheValue(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLDataException || (state != null && state.startsWith("22"));
    }
}
