package dev.drover.sql;

import dev.drover.config.Doubt;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorMove;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types that a key column may have. For these types, {@code >} with a value that was read, stored in a checkpoint
 * and bound by {@link Dialect#bind} agrees with {@code ORDER BY}. A column of any other type is refused before the
 * first row. For databases other than PostgreSQL, MariaDB and H2 nothing is known about types, and none is refused.
 */
public final class KeyTypes {

    private static final Set<String> POSTGRESQL = Set.of(
            "smallserial serial bigserial int2 int4 int8 oid xid8 numeric float4 float8 bool bit varbit text varchar bpchar name citext bytea uuid date"
                    .concat(" time timetz timestamp timestamptz inet cidr macaddr macaddr8 pg_lsn")
                    .split(" "));
    private static final Set<String> H2 =
            Set.of(("TINYINT,SMALLINT,INTEGER,BIGINT,NUMERIC,DECFLOAT,REAL,DOUBLE PRECISION,BOOLEAN,CHARACTER"
                            + ",CHARACTER VARYING,VARCHAR_IGNORECASE,BINARY,BINARY VARYING,UUID,DATE,TIME,TIMESTAMP"
                            + ",TIMESTAMP WITH TIME ZONE")
                    .split(","));
    private static final String OTHER_KEY = "use a key of numbers, text, bytes, uuid, dates or times";
    private static final Doubt UNPROVEN =
            new Doubt("whose order in the database is not proven to match its values", OTHER_KEY);

    private KeyTypes() {}

    private static Doubt of(String column, String type, Doubt known) {
        return new Doubt("column " + column + " is " + type + ", " + known.text(), known.remedy());
    }

    /**
     * The first doubt about the key columns of a page; empty if there is none.
     *
     * @param bounds keys to begin after or to end at
     * @throws SQLException if the database fails
     */
    public static Optional<Doubt> refusal(
            Connection connection, ResultSetMetaData columns, List<String> key, List<Cursor> bounds)
            throws SQLException {
        for (int part = 0; part < key.size(); part++) {
            Optional<Doubt> refusal = Optional.empty();
            for (int column = 1; column <= columns.getColumnCount() && refusal.isEmpty(); column++) {
                if (columns.getColumnLabel(column).equalsIgnoreCase(key.get(part))) {
                    refusal = refusal(connection, columns, column);
                    for (Cursor bound : bounds) {
                        if (refusal.isEmpty() && bound.values().size() == key.size()) {
                            refusal = misfit(columns, column, bound.values().get(part));
                        }
                    }
                }
            }
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /**
     * The first doubt about the key columns of a table; empty if there is none.
     *
     * @throws SQLException if the database fails
     */
    public static Optional<Doubt> refusal(Connection connection, TableFacts table, List<String> key)
            throws SQLException {
        String none = "SELECT * FROM " + table.quoted(Dialect.of(connection)) + " WHERE 1 = 0";
        try (PreparedStatement statement = connection.prepareStatement(none)) {
            return refusal(connection, statement.getMetaData(), key, List.of());
        }
    }

    private static Optional<Doubt> refusal(Connection connection, ResultSetMetaData columns, int column)
            throws SQLException {
        String name = columns.getColumnLabel(column);
        String type = columns.getColumnTypeName(column);
        return switch (Dialect.of(connection)) {
            case POSTGRESQL -> postgres(columns.getColumnType(column), type).map(why -> of(name, type, why));
            case H2 ->
                H2.contains(type.replaceFirst("\\(.*", "")) ? Optional.empty() : Optional.of(of(name, type, UNPROVEN));
            case MARIADB -> MariaDbKey.of(connection, columns, column).refusal();
            case STANDARD -> Optional.empty();
        };
    }

    /** PostgreSQL reports the base type of a domain. Its driver reports an enum as VARCHAR. */
    private static Optional<Doubt> postgres(int jdbcType, String type) {
        String plain = type.substring(type.lastIndexOf('.') + 1).replace("\"", "");
        return jdbcType == Types.VARCHAR || POSTGRESQL.contains(plain) ? Optional.empty() : Optional.of(known(plain));
    }

    /** Why a type that is not allowed cannot be a key. */
    static Doubt known(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "enum", "set" ->
                new Doubt(
                        "which is sorted by its number, and compared with a text as text",
                        "use a key without it, or a column that has the number");
            case "money" -> new Doubt("whose text and value depend on lc_monetary", "make it numeric");
            case "interval" -> new Doubt("whose text depends on IntervalStyle", OTHER_KEY);
            case "float" ->
                new Doubt(
                        "of which MariaDB sends six digits: the value read is not the one stored",
                        "make it DOUBLE or DECIMAL");
            case "year(2)" -> new Doubt("which is read without its century", "make it YEAR");
            case "bit" ->
                new Doubt(
                        "which is read as binary digits, and compared as a decimal number",
                        "make it BIGINT UNSIGNED or BINARY");
            default -> UNPROVEN;
        };
    }

    /** Refuses a value of another kind than its column, which the database would reject or convert to an unknown value. */
    private static Optional<Doubt> misfit(ResultSetMetaData columns, int column, Object value) throws SQLException {
        String what = "column " + columns.getColumnLabel(column) + " is " + columns.getColumnTypeName(column);
        Optional<String> is = CursorMove.misfit(kind(columns, column), value);
        if (is.isEmpty()
                && CursorMove.isDecimal(value)
                && !isInRange(columns, column, new BigDecimal(value.toString()))) {
            is = Optional.of("number that this type does not have");
        }
        return is.map(kind -> new Doubt(
                what + ", but the key to begin after or to end at is a " + kind,
                "write a value of its type; text goes in single quotes"));
    }

    /** Whether a column of whole numbers can have the value; true for every other column. */
    private static boolean isInRange(ResultSetMetaData columns, int column, BigDecimal value) throws SQLException {
        int bits =
                switch (columns.getColumnType(column)) {
                    case Types.BIGINT -> Long.SIZE;
                    case Types.INTEGER -> Integer.SIZE;
                    case Types.SMALLINT -> Short.SIZE;
                    case Types.TINYINT -> Byte.SIZE;
                    default -> 0;
                };
        int magnitude = columns.isSigned(column) ? bits - 1 : bits;
        boolean isWhole = value.stripTrailingZeros().scale() <= 0;
        return bits == 0 || (isWhole && value.toBigInteger().bitLength() <= magnitude);
    }

    private static @Nullable String kind(ResultSetMetaData columns, int column) throws SQLException {
        String type = columns.getColumnTypeName(column).toLowerCase(Locale.ROOT);
        return switch (columns.getColumnType(column)) {
            case Types.BIGINT,
                    Types.INTEGER,
                    Types.SMALLINT,
                    Types.TINYINT,
                    Types.NUMERIC,
                    Types.DECIMAL,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE -> CursorMove.NUMBER;
            case Types.DATE -> type.equals("year") ? CursorMove.NUMBER : CursorMove.TIME;
            case Types.TIME, Types.TIME_WITH_TIMEZONE, Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
                CursorMove.TIME;
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR -> CursorMove.TEXT;
            default -> null;
        };
    }
}
