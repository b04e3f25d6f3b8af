package dev.drover.pages;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one result: the columns and how to read each are found once. For one thread at a time. */
final class RowReader {

    private final ResultSet rows;
    private final Columns columns;
    private final ColumnReader[] readers;

    RowReader(ResultSet rows) throws SQLException {
        ResultSetMetaData metaData = rows.getMetaData();
        this.rows = rows;
        this.columns = Columns.of(metaData);
        this.readers = new ColumnReader[columns.size()];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = ColumnReader.of(metaData, i + 1);
        }
    }

    boolean reads(ResultSet other) {
        return rows == other;
    }

    /** The current row. */
    SourceRecord read() throws SQLException {
        @Nullable Object[] values = new @Nullable Object[readers.length];
        for (int i = 0; i < readers.length; i++) {
            values[i] = value(i);
        }
        return new SourceRecord(columns, values);
    }

    private @Nullable Object value(int index) throws SQLException {
        try {
            return readers[index].read(rows, index + 1);
        } catch (SQLException e) {
            throw ReadFailure.of("column " + columns.names().get(index), e);
        } catch (RuntimeException e) {
            throw ReadFailure.of(
                    "column " + columns.names().get(index),
                    new SQLException(e.getClass().getName()));
        }
    }
}
