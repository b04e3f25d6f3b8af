package dev.drover.rows;

import java.sql.Blob;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * Reads a column whose values may be too long, if the query does not check their length. The length of a CLOB or BLOB is
 * checked before it is loaded, because some drivers keep it in the database. Every other value is in the memory of the
 * driver already, and is only not passed on.
 */
final class LimitedReader {

    private static final int MOST_BYTES_OF_A_CHAR = 3;

    private LimitedReader() {}

    /** The reader of the column (from 1). It throws {@link UnrepresentableException} if a value is too long. */
    static ColumnReader of(ResultSetMetaData metaData, int column, long maxValueBytes) throws SQLException {
        ColumnReader reader = ColumnReader.of(metaData, column);
        if (maxValueBytes == 0 || ValueLength.most(metaData, column) <= maxValueBytes) {
            return reader;
        }
        String name = metaData.getColumnLabel(column);
        ColumnReader checked = checked(reader, name, maxValueBytes);
        return switch (metaData.getColumnType(column)) {
            // a text has at least as many bytes as characters
            case Types.CLOB, Types.NCLOB ->
                large(checked, LimitedReader::lengthOfClob, "characters", name, maxValueBytes);
            case Types.BLOB -> large(checked, LimitedReader::lengthOfBlob, "bytes", name, maxValueBytes);
            default -> checked;
        };
    }

    private static ColumnReader checked(ColumnReader reader, String name, long maxValueBytes) {
        return (rows, column) -> {
            Object value = reader.read(rows, column);
            if (value instanceof String text && text.length() <= maxValueBytes / MOST_BYTES_OF_A_CHAR) {
                return value;
            }
            long bytes = value == null ? 0 : ValueLength.of(value);
            if (bytes > maxValueBytes) {
                throw UnrepresentableException.tooLong(name, bytes, "bytes", maxValueBytes);
            }
            return value;
        };
    }

    /** The length of a CLOB or BLOB that is not loaded. */
    private interface Length {
        long of(ResultSet rows, int column) throws SQLException;
    }

    private static ColumnReader large(
            ColumnReader reader, Length length, String unit, String name, long maxValueBytes) {
        return (rows, column) -> {
            long found = length.of(rows, column);
            if (found > maxValueBytes) {
                throw UnrepresentableException.tooLong(name, found, unit, maxValueBytes);
            }
            return reader.read(rows, column);
        };
    }

    private static long lengthOfClob(ResultSet rows, int column) throws SQLException {
        @Nullable Clob clob = rows.getClob(column);
        if (clob == null) {
            return 0;
        }
        long length = clob.length();
        clob.free();
        return length;
    }

    private static long lengthOfBlob(ResultSet rows, int column) throws SQLException {
        @Nullable Blob blob = rows.getBlob(column);
        if (blob == null) {
            return 0;
        }
        long length = blob.length();
        blob.free();
        return length;
    }
}
