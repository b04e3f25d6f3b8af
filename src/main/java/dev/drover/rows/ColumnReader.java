package dev.drover.rows;

import java.math.BigInteger;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a column as the Java type that holds its value exactly, or as the {@link ColumnText} of that value. It is chosen
 * once for each column of a result.
 */
@FunctionalInterface
interface ColumnReader {

    ColumnReader INTEGER = (rows, column) -> orNull(rows.getInt(column), rows);
    ColumnReader LONG = (rows, column) -> orNull(rows.getLong(column), rows);
    ColumnReader FLOAT = (rows, column) -> orNull(rows.getFloat(column), rows);
    ColumnReader DOUBLE = (rows, column) -> orNull(rows.getDouble(column), rows);
    ColumnReader TINY_BOOLEAN = (rows, column) -> tinyBoolean(rows.getInt(column), rows);
    ColumnReader BOOLEAN = (rows, column) -> orNull(rows.getBoolean(column), rows);
    ColumnReader TEXT = ResultSet::getString;
    ColumnReader BYTES = ResultSet::getBytes;
    ColumnReader DECIMAL = text(ColumnText::decimal, ColumnReader::decimal);
    ColumnReader DATE = temporal(LocalDate.class, LocalDate.MIN, LocalDate.MAX);
    ColumnReader POSTGRES_DATE = text(ColumnText::date, DATE);
    ColumnReader TIME = temporal(LocalTime.class, null, LocalTime.MAX);
    ColumnReader CLOCK = ColumnReader::clock;
    ColumnReader TIME_WITH_OFFSET = temporal(OffsetTime.class, null, OffsetTime.MAX);
    ColumnReader TIMESTAMP = temporal(LocalDateTime.class, LocalDateTime.MIN, LocalDateTime.MAX);
    ColumnReader TIMESTAMP_WITH_OFFSET = temporal(OffsetDateTime.class, OffsetDateTime.MIN, OffsetDateTime.MAX);
    ColumnReader POSTGRES_TIMESTAMP = text(ColumnText::timestamp, TIMESTAMP);
    ColumnReader POSTGRES_TIMESTAMP_WITH_OFFSET = text(ColumnText::timestampInUtc, TIMESTAMP_WITH_OFFSET);
    ColumnReader MARIADB_TIMESTAMP = ColumnReader::mariaDbTimestamp;
    ColumnReader UUIDS = (rows, column) -> rows.getObject(column, UUID.class);
    ColumnReader JSON = ColumnReader::json;
    ColumnReader MARIADB_JSON = ColumnReader::mariaDbJson;
    ColumnReader ARRAY = ColumnReader::array;

    /** The value of the column (from 1) in the current row; null if it is NULL. */
    @Nullable
    Object read(ResultSet rows, int column) throws SQLException;

    /** The reader for the type of the column (from 1). */
    static ColumnReader of(ResultSetMetaData metaData, int column) throws SQLException {
        String vendorType = metaData.getColumnTypeName(column);
        return switch (metaData.getColumnType(column)) {
            case Types.BIGINT -> metaData.isSigned(column) || named(vendorType, "oid") ? LONG : DECIMAL;
            case Types.INTEGER -> metaData.isSigned(column) ? INTEGER : LONG;
            case Types.SMALLINT, Types.TINYINT -> INTEGER;
            case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
            case Types.REAL -> FLOAT;
            case Types.FLOAT, Types.DOUBLE -> named(vendorType, "money") ? TEXT : DOUBLE;
            // MariaDB's boolean is a number of one digit
            case Types.BOOLEAN -> vendorType.equals("BOOLEAN") ? TINY_BOOLEAN : BOOLEAN;
            case Types.BIT -> bit(vendorType, metaData.getPrecision(column));
            case Types.DATE -> named(vendorType, "year") ? INTEGER : vendorType.equals("date") ? POSTGRES_DATE : DATE;
            case Types.TIME ->
                // a TIME of MariaDB may be negative or up to 838 hours, which its driver turns into a time of day
                vendorType.equals("TIME") ? CLOCK : named(vendorType, "timetz") ? TIME_WITH_OFFSET : TIME;
            case Types.TIME_WITH_TIMEZONE -> TIME_WITH_OFFSET;
            case Types.TIMESTAMP -> timestamp(vendorType, metaData);
            case Types.TIMESTAMP_WITH_TIMEZONE -> TIMESTAMP_WITH_OFFSET;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                named(vendorType, "uuid") ? UUIDS : BYTES;
            // never getObject: it would deserialise the bytes of a row
            case Types.JAVA_OBJECT -> BYTES;
            case Types.ARRAY -> ARRAY;
            case Types.OTHER -> other(vendorType);
            case Types.LONGVARCHAR -> named(vendorType, "json") ? MARIADB_JSON : TEXT;
            default -> TEXT;
        };
    }

    /** PostgreSQL's type names are in lower case. */
    private static ColumnReader timestamp(String vendorType, ResultSetMetaData metaData) {
        return switch (vendorType) {
            case "timestamptz" -> POSTGRES_TIMESTAMP_WITH_OFFSET;
            case "timestamp" -> POSTGRES_TIMESTAMP;
            default -> metaData.getClass().getName().startsWith("org.mariadb.") ? MARIADB_TIMESTAMP : TIMESTAMP;
        };
    }

    /** PostgreSQL reports both bool and bit(n) as BIT, with names in lower case. MariaDB's names are in upper case. */
    private static ColumnReader bit(String vendorType, int digits) {
        if (vendorType.equals("bit")) {
            return TEXT;
        }
        return vendorType.equals("BIT") && digits > 1 ? (rows, column) -> bits(rows, column, digits) : BOOLEAN;
    }

    private static ColumnReader other(String vendorType) {
        return switch (vendorType.toLowerCase(Locale.ROOT)) {
            case "uuid" -> UUIDS;
            case "json", "jsonb" -> JSON;
            default -> TEXT;
        };
    }

    private static boolean named(String vendorType, String name) {
        return vendorType.equalsIgnoreCase(name);
    }

    private static @Nullable Object orNull(Object value, ResultSet rows) throws SQLException {
        return rows.wasNull() ? null : value;
    }

    private static @Nullable Object tinyBoolean(int value, ResultSet rows) throws SQLException {
        if (rows.wasNull()) {
            return null;
        }
        return value == 0 || value == 1 ? (Object) (value == 1) : (Object) value;
    }

    /** The digits of a bit field in PostgreSQL's form. */
    private static @Nullable Object bits(ResultSet rows, int column, int digits) throws SQLException {
        byte[] bytes = rows.getBytes(column);
        if (bytes == null) {
            return null;
        }
        String text = new BigInteger(1, bytes).toString(2);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    /** A time of day, or the text of a value that is none. */
    private static @Nullable Object clock(ResultSet rows, int column) throws SQLException {
        String text = rows.getString(column);
        try {
            return text == null ? null : LocalTime.parse(text);
        } catch (DateTimeParseException beyondTheDay) {
            return text;
        }
    }

    /** Keeps the text that the database sent if it has the usual form, and otherwise reads the value. */
    private static ColumnReader text(Function<String, @Nullable ColumnText> form, ColumnReader value) {
        return (rows, column) -> {
            String sent = rows.getString(column);
            ColumnText kept = sent == null ? null : form.apply(sent);
            return kept != null || sent == null ? kept : value.read(rows, column);
        };
    }

    /** A decimal, or a double for NaN and Infinity of PostgreSQL's numeric. */
    private static @Nullable Object decimal(ResultSet rows, int column) throws SQLException {
        try {
            return rows.getBigDecimal(column);
        } catch (SQLException | NumberFormatException notANumber) {
            return Double.valueOf(rows.getString(column));
        }
    }

    /**
     * A reader of times that returns the database's own text for a value that Java cannot hold: {@code infinity} and
     * {@code 24:00:00}, which PostgreSQL's driver turns into the least and greatest value of the Java type, and zero dates,
     * which MariaDB's driver turns into null.
     */
    private static <T> ColumnReader temporal(Class<T> type, @Nullable T least, T greatest) {
        return (rows, column) -> {
            T value;
            try {
                value = rows.getObject(column, type);
            } catch (SQLException | RuntimeException notRepresentable) {
                return rows.getString(column);
            }
            if (value != null && !value.equals(least) && !value.equals(greatest)) {
                return value;
            }
            String text = rows.getString(column);
            // H2 stores the last nanosecond of a day, PostgreSQL does not
            return value != null && text.startsWith("23:59:59.999999999") ? value : text;
        };
    }

    /**
     * The time as it is stored. MariaDB's driver moves a time in the hour that summer time skips in the zone of the process,
     * unless it gets another zone. With another zone it does not report values that are no time, so they are read first.
     */
    private static @Nullable Object mariaDbTimestamp(ResultSet rows, int column) throws SQLException {
        Object value = TIMESTAMP.read(rows, column);
        if (!(value instanceof LocalDateTime)
                || ZoneId.systemDefault().getRules().isFixedOffset()) {
            return value;
        }
        Calendar utc = new Calendar.Builder()
                .setCalendarType("iso8601")
                .setTimeZone(TimeZone.getTimeZone("UTC"))
                .build();
        Timestamp stored = rows.getTimestamp(column, utc);
        return LocalDateTime.ofInstant(stored.toInstant(), ZoneOffset.UTC);
    }

    private static @Nullable Object json(ResultSet rows, int column) throws SQLException {
        String text = rows.getString(column);
        return text == null ? null : new JsonText(text);
    }

    /** MariaDB's JSON is a text with a CHECK, which can be switched off. Other text would change the record around it. */
    private static @Nullable Object mariaDbJson(ResultSet rows, int column) throws SQLException {
        String text = rows.getString(column);
        if (text == null) {
            return null;
        }
        if (!JsonText.isJson(text)) {
            throw new UnrepresentableException(
                    "column " + rows.getMetaData().getColumnLabel(column) + " has a text that is not JSON");
        }
        return new JsonText(text);
    }

    /** Reads the elements through the array's own result, so that each is as exact as a column. */
    private static @Nullable Object array(ResultSet rows, int column) throws SQLException {
        Array array = rows.getArray(column);
        if (array == null) {
            return null;
        }
        try (ResultSet elements = array.getResultSet()) {
            ColumnReader reader = of(elements.getMetaData(), 2);
            List<@Nullable Object> values = new ArrayList<>();
            while (elements.next()) {
                values.add(ColumnText.valueOf(reader.read(elements, 2)));
            }
            return Collections.unmodifiableList(values);
        } finally {
            array.free();
        }
    }
}
