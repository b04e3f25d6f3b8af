package dev.drover.sql;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The SQL that differs between engines, as data. */
public enum Dialect {
    H2('"', Case.KEPT, "LIMIT ?", false),
    POSTGRESQL('"', Case.LOWER, "LIMIT ?", true),
    /** MariaDB and MySQL. */
    MARIADB('`', Case.EITHER, "LIMIT ?", false),
    /** Any other engine that follows the SQL standard. */
    STANDARD('"', Case.KEPT, "FETCH FIRST ? ROWS ONLY", false);

    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*|[A-Z_][A-Z0-9_]*");

    private final char quote;
    private final Case plainNames;
    private final String limit;
    private final boolean rowValues;

    Dialect(char quote, Case plainNames, String limit, boolean rowValues) {
        this.quote = quote;
        this.plainNames = plainNames;
        this.limit = limit;
        this.rowValues = rowValues;
    }

    /** How an engine folds a plain name without quotes. */
    private enum Case {
        /** Lower case: a plain name is quoted in lower case, so that it may be a reserved word. */
        LOWER,
        /** Names match in any case, with or without quotes. */
        EITHER,
        /** Depends on the settings of the engine: a plain name stays without quotes. */
        KEPT
    }

    /**
     * The dialect of a database; {@link #STANDARD} if the product is unknown.
     *
     * @throws SQLException if the connection is broken
     */
    public static Dialect of(Connection connection) throws SQLException {
        return switch (connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT)) {
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            case "mariadb", "mysql" -> MARIADB;
            default -> STANDARD;
        };
    }

    /**
     * Quotes a name for SQL. A name in lower or upper case finds what SQL finds without quotes. A name in mixed case,
     * such as {@code customerId}, or in double quotes must match exactly.
     *
     * @param identifier a name, or a name with its schema: {@code sales.orders}
     * @throws IllegalArgumentException if the identifier or a part of it is empty or contains control characters
     */
    public String quote(String identifier) {
        StringBuilder quoted = new StringBuilder();
        for (Names.Part part : Names.parts(identifier)) {
            quoted.append(quoted.isEmpty() ? "" : ".")
                    .append(part.exact() ? quoteExactly(part.text()) : quotePart(part.text()));
        }
        return quoted.toString();
    }

    private String quotePart(String part) {
        boolean plain = PLAIN.matcher(part).matches();
        if (plain && plainNames == Case.KEPT) {
            return part;
        }
        String name = plain && plainNames == Case.LOWER ? part.toLowerCase(Locale.ROOT) : part;
        return quoteExactly(name);
    }

    /** Quotes a name of the catalog, which must match exactly. */
    public String quoteExactly(String name) {
        String mark = String.valueOf(quote);
        return mark + name.replace(mark, mark + mark) + mark;
    }

    /**
     * The SQL of the length of a value in bytes; null if there is none. PostgreSQL knows the length of {@code text} and
     * {@code bytea} without reading the value. It converts any other type to text first.
     *
     * @param column the quoted name
     * @param type the JDBC type
     * @param vendorType the engine's name of the type
     */
    @Nullable
    public String octetLength(String column, int type, String vendorType) {
        return switch (this) {
            case H2 -> type == Types.ARRAY || vendorType.startsWith("ROW(") ? null : "OCTET_LENGTH(" + column + ")";
            case POSTGRESQL -> "octet_length(" + column + (type == Types.BINARY ? ")" : "::text)");
            case MARIADB -> "OCTET_LENGTH(" + column + ")";
            case STANDARD -> null;
        };
    }

    /** The clause that bounds a page, with one parameter: the number of rows. */
    public String limit() {
        return limit;
    }

    /**
     * Whether {@code (a, b) > (?, ?)} starts in the index at both values, which only PostgreSQL does. For other engines
     * the condition is expanded, so that the index is entered at the first value. For H2 both forms are equal.
     */
    public boolean rowValues() {
        return rowValues;
    }

    /**
     * Binds a part of a key for a comparison with its column. On PostgreSQL, texts and numbers are bound without a
     * type, so that the server uses the type and collation of the column and compares in the order of {@code ORDER BY}.
     * Bound as {@code varchar}, {@code citext} and {@code char(n)} would be compared by another rule, and an enum would
     * be refused.
     *
     * @param index the parameter, counted from 1
     * @throws SQLException if the driver does not accept the value
     */
    void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        if (this == POSTGRESQL && (value instanceof String || value instanceof Number)) {
            String text = value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
            statement.setObject(index, text, Types.OTHER);
        } else {
            statement.setObject(index, value);
        }
    }
}
