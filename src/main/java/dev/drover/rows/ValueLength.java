package dev.drover.rows;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Set;

/** The length of values, and their largest length by the type of their column. */
final class ValueLength {

    /** No limit is known. */
    static final long UNBOUNDED = Long.MAX_VALUE;

    private static final int BYTES_OF_A_CHARACTER = 4;
    private static final Set<String> UNBOUNDED_TEXT = Set.of("text", "varchar");
    private static final Set<String> SHORT = Set.of("uuid", "inet", "cidr", "macaddr", "macaddr8");

    private ValueLength() {}

    /** The largest length in bytes of a text or binary column (from 1); 0 for all other types, which are never long. */
    static long most(ResultSetMetaData metaData, int column) throws SQLException {
        String vendorType = metaData.getColumnTypeName(column);
        return switch (metaData.getColumnType(column)) {
            case Types.VARCHAR ->
                // a type in lower case is PostgreSQL's, where an enum and a name look like a text of any length
                vendorType.equals(vendorType.toLowerCase(Locale.ROOT)) && !UNBOUNDED_TEXT.contains(vendorType)
                        ? 0
                        : most(metaData.getPrecision(column));
            case Types.OTHER -> SHORT.contains(vendorType) ? 0 : most(metaData.getPrecision(column));
            case Types.CHAR,
                    Types.LONGVARCHAR,
                    Types.NCHAR,
                    Types.NVARCHAR,
                    Types.LONGNVARCHAR,
                    Types.CLOB,
                    Types.NCLOB,
                    Types.SQLXML,
                    Types.BINARY,
                    Types.VARBINARY,
                    Types.LONGVARBINARY,
                    Types.BLOB,
                    Types.JAVA_OBJECT -> most(metaData.getPrecision(column));
            case Types.ARRAY, Types.STRUCT -> UNBOUNDED;
            default -> 0;
        };
    }

    /** Drivers report the length of an unlimited column as 0, -1 or the largest integer. */
    private static long most(int precision) {
        return precision <= 0 || precision == Integer.MAX_VALUE ? UNBOUNDED : (long) precision * BYTES_OF_A_CHARACTER;
    }

    /** The bytes of a loaded value, in UTF-8 for a text; 0 for a type that is never long. */
    static long of(Object value) {
        if (value instanceof String text) {
            return utf8(text);
        } else if (value instanceof byte[] bytes) {
            return bytes.length;
        } else if (value instanceof JsonText json) {
            return utf8(json.text());
        } else if (value instanceof Iterable<?> elements) {
            long sum = 0;
            for (Object element : elements) {
                sum += element == null ? 0 : of(element);
            }
            return sum;
        }
        return 0;
    }

    private static long utf8(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // each half of a surrogate pair stands for 2 of its 4 bytes
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
