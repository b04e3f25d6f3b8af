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

    /** What an engine makes of a plain name without quotes, if that is known without asking it. */
    private enum Case {
        /** Lower case: a plain name may be quoted in lower case, which lets reserved words through. */
        LOWER,
        /** Names are found in either case: quotes change nothing. */
        EITHER,
        /** It depends on the engine's settings: a plain name stays without quotes. */
        KEPT
    }

    /**
     * The dialect of the database behind the connection, {@link #STANDARD} when it is not known by name.
     *
     * @throws SQLException when the connection is broken
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
     * The name as it stands in SQL. A word in lower or in upper case finds what it finds in SQL without quotes; every
     * other name, {@code customerId} for one, and what is in double quotes, is meant to the letter.
     *
     * @param identifier a name, or a name with its schema: {@code sales.orders}
     * @throws IllegalArgumentException when the identifier, or a part of it, is empty or holds control characters
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

    /** The name as the catalog has it: quoted, so that it is found to the letter. */
    public String quoteExactly(String name) {
        String mark = String.valueOf(quote);
        return mark + name.replace(mark, mark + mark) + mark;
    }

    /**
     * The SQL of a value's length in bytes, null when it cannot be asked for. PostgreSQL knows the length of
     * {@code text} and {@code bytea} without reading the value; any other type is first written as text.
     *
     * @param column its name, quoted
     * @param type its JDBC type
     * @param vendorType the database's own name of the type
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
     * Whether {@code (a, b) > (?, ?)} starts in the index at both values, as on PostgreSQL alone; elsewhere it is
     * written out so that the index is entered at the first. H2 does the same with either form, and so tests the other.
     */
    public boolean rowValues() {
        return rowValues;
    }

    /**
     * Binds a part of a key that is compared with its column. On PostgreSQL texts and numbers are bound without a type,
     * so that the server reads them as the column's own type, collation included, and compares by the rule that
     * {@code ORDER BY} sorts by: bound as {@code varchar}, {@code citext} and {@code char(n)} would be compared by
     * another one, and an enum not at all.
     *
     * @param index the parameter, from 1
     * @throws SQLException when the driver does not take the value
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
