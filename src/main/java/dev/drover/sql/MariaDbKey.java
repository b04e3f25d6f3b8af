package dev.drover.sql;

import dev.drover.config.Doubt;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key column of MariaDB or MySQL, looked up in the catalog. The driver alone reports ENUM, SET and INET4 as CHAR.
 *
 * @param name the column of the result
 * @param type the type of the column, in lower case
 * @param bytes the longest value
 * @param collation the collation; empty for bytes, null if unknown
 * @param zone the time zone of the session
 * @param sorted the number of bytes of a value by which this session sorts
 */
record MariaDbKey(String name, String type, long bytes, @Nullable String collation, String zone, long sorted) {

    private static final Set<String> EXACT =
            Set.of(("tinyint smallint mediumint int integer bigint boolean decimal double"
                            + " char varchar tinytext text mediumtext longtext binary varbinary tinyblob blob mediumblob longblob"
                            + " uuid inet4 inet6 date time datetime timestamp year")
                    .split(" "));
    private static final Set<String> WITH_LENGTH = Set.of(
            ("char varchar tinytext text mediumtext longtext binary varbinary" + " tinyblob blob mediumblob longblob")
                    .split(" "));

    /**
     * The largest factor from bytes to sort bytes: a letter of three bytes may be sorted as 18 others of two bytes
     * each.
     */
    private static final int WEIGHTS = 12;

    /** The greatest {@code max_sort_length}. */
    private static final long MOST_SORTED = 8_388_608;

    static MariaDbKey of(Connection connection, ResultSetMetaData columns, int column) throws SQLException {
        String sql =
                "SELECT @@session.time_zone, @@system_time_zone, @@session.max_sort_length, data_type, column_type,"
                        + " character_octet_length, collation_name FROM (SELECT 1) one LEFT JOIN information_schema.columns"
                        + " ON table_schema = ? AND table_name = ? AND column_name = ?";
        return Query.first(
                        connection,
                        sql,
                        row -> of(row, columns, column),
                        columns.getCatalogName(column),
                        columns.getTableName(column),
                        columns.getColumnName(column))
                .orElseThrow();
    }

    private static MariaDbKey of(ResultSet row, ResultSetMetaData columns, int column) throws SQLException {
        String zone = row.getString(1).equals("SYSTEM") ? row.getString(2) : row.getString(1);
        String label = columns.getColumnLabel(column);
        return row.getString(4) == null
                ? new MariaDbKey(
                        label,
                        computed(columns, column),
                        4L * Math.max(0, columns.getPrecision(column)),
                        null,
                        zone,
                        row.getLong(3))
                : new MariaDbKey(
                        label,
                        stored(row.getString(4), row.getString(5)),
                        row.getLong(6),
                        row.getString(7) == null ? "" : row.getString(7),
                        zone,
                        row.getLong(3));
    }

    private static String stored(String type, String whole) {
        boolean digit = type.equals("bit") && whole.equals("bit(1)");
        return digit ? "boolean" : whole.equals("year(2)") ? whole : type;
    }

    /** The type of an expression, or of a column whose table is unknown. */
    private static String computed(ResultSetMetaData columns, int column) throws SQLException {
        String type = columns.getColumnTypeName(column).toLowerCase(Locale.ROOT).replace(" unsigned", "");
        return switch (type) {
            case "bit" -> columns.getColumnType(column) == Types.BOOLEAN ? "boolean" : type;
            case "char" -> "unknown";
            default -> type;
        };
    }

    Optional<Doubt> refusal() {
        if (type.equals("unknown")) {
            return refused(
                    "CHAR, and may be an ENUM or a SET: the query does not tell the table it is of",
                    "read a view that has CAST(" + name + " AS CHAR) as the column");
        }
        if (!EXACT.contains(type)) {
            Doubt why = KeyTypes.known(type);
            return refused(type.toUpperCase(Locale.ROOT) + ", " + why.text(), why.remedy());
        }
        if (type.equals("timestamp") && !zone.matches("UTC|[+-][0-9]{2}:[0-9]{2}")) {
            return refused(
                    "TIMESTAMP, and the time zone of the session is " + zone + ", where an hour occurs twice",
                    "take the time zone out of the URL of the source, or write"
                            + " connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true");
        }
        if (WITH_LENGTH.contains(type) && weight() > sorted) {
            return refused(
                    type.toUpperCase(Locale.ROOT) + " of up to " + bytes + " bytes, which may be longer than the "
                            + sorted + " bytes that the session sorts by (max_sort_length)",
                    weight() > MOST_SORTED
                            ? "use a key without it, or make it shorter"
                            : "make it shorter, or set max_sort_length=" + weight()
                                    + " in the sessionVariables of the URL");
        }
        return Optional.empty();
    }

    /** The largest number of bytes that sort a value. */
    private long weight() {
        boolean plain = collation != null
                && (collation.isEmpty() || collation.endsWith("_bin") || collation.contains("_general_"));
        return plain ? bytes : bytes * WEIGHTS;
    }

    private Optional<Doubt> refused(String what, String remedy) {
        return Optional.of(new Doubt("column " + name + " is " + what, remedy));
    }
}
