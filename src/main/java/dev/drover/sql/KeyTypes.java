package dev.drover.sql;

import dev.drover.config.Doubt;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorMove;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which columns may be a key, by their types: a value that was read, kept in a checkpoint and bound again by
 * {@link Dialect#bind} has the place in {@code >} that {@code ORDER BY} gave it. Any other column is refused, before a
 * row is read. On databases other than PostgreSQL, MariaDB and H2 nothing is known of types, and none is refused.
 */
public final class KeyTypes {

    private static final Set<String> POSTGRESQL = Set.of(
            "smallserial serial bigserial int2 int4 int8 oid xid8 numeric float4 float8 bool bit varbit text varchar bpchar name citext bytea uuid date"
                    .concat(" time timetz timestamp timestamptz inet cidr macaddr macaddr8 pg_lsn")
                    .split(" "));
    private static final Set<String> H2 = Set.of(
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "NUMERIC",
            "DECFLOAT",
            "REAL",
            "DOUBLE PRECISION",
            "BOOLEAN",
            "CHARACTER",
            "CHARACTER VARYING",
            "VARCHAR_IGNORECASE",
            "BINARY",
            "BINARY VARYING",
            "UUID",
            "DATE",
            "TIME",
            "TIMESTAMP",
            "TIMESTAMP WITH TIME ZONE");
    private static final String OTHER_KEY = "use a key of numbers, text, bytes, uuid, dates or times";
    private static final Doubt UNPROVEN =
            new Doubt("whose order in the database is not proven to match its values", OTHER_KEY);
    private static final Doubt NUMBERED = new Doubt(
            "which is sorted by its number, and compared with a text as text",
            "use a key without it, or a column that has the number");
    private static final Map<String, Doubt> KNOWN = Map.of(
            "enum",
            NUMBERED,
            "set",
            NUMBERED,
            "money",
            new Doubt("whose text and value depend on lc_monetary", "make it numeric"),
            "interval",
            new Doubt("whose text depends on IntervalStyle", OTHER_KEY),
            "float",
            new Doubt(
                    "of which MariaDB sends six digits: the value read is not the one stored",
                    "make it DOUBLE or DECIMAL"),
            "year(2)",
            new Doubt("which is read without its century", "make it YEAR"),
            "bit",
            new Doubt(
                    "which is read as binary digits, and compared as a decimal number",
                    "make it BIGINT UNSIGNED or BINARY"));

    private KeyTypes() {}

    private static Doubt of(String column, String type, Doubt known) {
        return new Doubt("column " + column + " is " + type + ", " + known.text(), known.remedy());
    }

    /** Whether a cast or default of the cursor makes another type of it than its column has. */
    public static Optional<Doubt> refusal(
            Connection connection, ResultSetMetaData columns, Set<KeyCondition.Cast> casts) throws SQLException {
        for (KeyCondition.Cast cast : casts) {
            for (int column = 1; column <= columns.getColumnCount(); column++) {
                boolean named = columns.getColumnLabel(column).equalsIgnoreCase(cast.column());
                if (named && !keepsType(connection, cast, columns, column)) {
                    return Optional.of(castRefusal(cast, columns, column));
                }
            }
        }
        return Optional.empty();
    }

    private static Doubt castRefusal(KeyCondition.Cast cast, ResultSetMetaData columns, int column)
            throws SQLException {
        String type = columns.getColumnTypeName(column);
        String name = columns.getColumnLabel(column);
        return cast.type().isEmpty()
                ? new Doubt(
                        "column " + name + " is " + type
                                + ", and its default makes the cursor a text, which is compared" + " by another rule",
                        "cast the cursor inside the default to " + type + ", or set startAfter instead")
                : new Doubt(
                        "column " + name + " is " + type + ", and the SQL casts the cursor to " + cast.type()
                                + ", which may be another value",
                        "leave the cast out, or cast to the type of the column");
    }

    /** Whether the value that the SQL makes of a cursor is compared with its column as the column itself is. */
    private static boolean keepsType(
            Connection connection, KeyCondition.Cast cast, ResultSetMetaData columns, int column) throws SQLException {
        boolean postgres = Dialect.of(connection) == Dialect.POSTGRESQL;
        if (cast.type().isEmpty() && !postgres) {
            return true; // elsewhere the column's type wins
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + cast.value())) {
            ResultSetMetaData of = statement.getMetaData();
            String was = plainType(columns.getColumnTypeName(column));
            String is = plainType(of.getColumnTypeName(1));
            if (cast.type().isEmpty()) {
                return !is.equals("text") || was.equals("text");
            }
            if (cast.type().matches("(?i)(un)?signed.*")) { // MariaDB's 64 bits, with any type that it gives a constant
                return was.contains("int")
                        && was.contains("unsigned")
                                == cast.type().toLowerCase(Locale.ROOT).startsWith("un");
            }
            if (!is.equals(was) || is.contains("int")) {
                return is.equals(was);
            }
            int length = of.getPrecision(1);
            int needed = columns.getPrecision(column);
            if (postgres && length == 0 && is.equals("numeric")) {
                return true; // as long as any
            }
            return (length == needed || (needed > 0 && length > needed)) && of.getScale(1) >= columns.getScale(column);
        }
    }

    /** The type without what makes no difference to its order. */
    private static String plainType(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "bigserial" -> "int8";
            case "serial" -> "int4";
            case "smallserial" -> "int2";
            case "varchar", "text" -> "text";
            default -> type.toLowerCase(Locale.ROOT);
        };
    }

    /**
     * The first thing that speaks against the key columns of a page; empty if nothing does.
     *
     * @param begin the key after which reading begins; null for the first row
     * @throws SQLException if the database cannot be asked
     */
    public static Optional<Doubt> refusal(
            Connection connection, ResultSetMetaData columns, List<String> key, @Nullable Cursor begin)
            throws SQLException {
        for (int part = 0; part < key.size(); part++) {
            Optional<Doubt> refusal = Optional.empty();
            for (int column = 1; column <= columns.getColumnCount() && refusal.isEmpty(); column++) {
                if (columns.getColumnLabel(column).equalsIgnoreCase(key.get(part))) {
                    refusal = refusal(connection, columns, column);
                    if (refusal.isEmpty() && begin != null && begin.values().size() == key.size()) {
                        refusal = misfit(columns, column, begin.values().get(part));
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
     * The same of columns of a table.
     *
     * @throws SQLException if the database cannot be asked
     */
    public static Optional<Doubt> refusal(Connection connection, TableFacts table, List<String> key)
            throws SQLException {
        String none = "SELECT * FROM " + table.quoted(Dialect.of(connection)) + " WHERE 1 = 0";
        try (PreparedStatement statement = connection.prepareStatement(none)) {
            return refusal(connection, statement.getMetaData(), key, null);
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

    /** A domain is shown as the type that it is made of. PostgreSQL's driver calls an enum a VARCHAR. */
    private static Optional<Doubt> postgres(int jdbcType, String type) {
        String plain = type.substring(type.lastIndexOf('.') + 1).replace("\"", "");
        return jdbcType == Types.VARCHAR || POSTGRESQL.contains(plain) ? Optional.empty() : Optional.of(known(plain));
    }

    /** Why a type cannot be a key that is not among those that can. */
    static Doubt known(String type) {
        return KNOWN.getOrDefault(type.toLowerCase(Locale.ROOT), UNPROVEN);
    }

    /** A value of another kind would be converted by rules of the database, to no value or to any. */
    private static Optional<Doubt> misfit(ResultSetMetaData columns, int column, Object value) throws SQLException {
        String what = "column " + columns.getColumnLabel(column) + " is " + columns.getColumnTypeName(column);
        return CursorMove.misfit(kind(columns, column), value)
                .map(is -> new Doubt(
                        what + ", but what it begins after is a " + is,
                        "write a value of its type; text goes in single quotes"));
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
