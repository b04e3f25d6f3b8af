package dev.drover.rows;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.drover.sql.Dialect;
import dev.drover.sql.PageQuery;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets the database compare values of a key column as it compares the column itself: by its type and collation. One
 * statement compares all values of a page, as parameters. Thread-safe.
 */
public final class DatabaseOrder {

    private static final int LONGEST_INET6 = 39;

    private final Dialect dialect;
    private final PageQuery rows;
    private final Map<String, String> comparisons = new ConcurrentHashMap<>();

    /**
     * Creates the order of the rows of a query.
     *
     * @param rows a query with the key columns; it is not run, only its columns are determined
     */
    public DatabaseOrder(Dialect dialect, PageQuery rows) {
        this.dialect = dialect;
        this.rows = rows;
    }

    /** Compares over this connection. */
    public KeyOrder.Asked over(Connection connection) {
        return new KeyOrder.Asked() {
            @Override
            public boolean ordersUuidsByBytes() {
                return dialect == Dialect.POSTGRESQL || dialect == Dialect.H2;
            }

            @Override
            public int[] compare(String column, List<Object> left, List<Object> right) throws SQLException {
                return DatabaseOrder.this.compare(connection, column, left, right);
            }
        };
    }

    private int[] compare(Connection connection, String column, List<Object> left, List<Object> right)
            throws SQLException {
        String comparison = comparisons.get(column);
        if (comparison == null) {
            comparison = comparison(connection, column);
            comparisons.put(column, comparison);
        }
        int[] orders = new int[left.size()];
        Arrays.fill(orders, -1);
        try (PreparedStatement statement = connection.prepareStatement(comparison)) {
            PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
            bind(connection, statement, left, right);
            try (ResultSet others = statement.executeQuery()) {
                while (others.next()) {
                    orders[others.getInt(1) - 1] = others.getBoolean(2) ? 0 : 1;
                }
            }
        }
        return orders;
    }

    private void bind(Connection connection, PreparedStatement statement, List<Object> left, List<Object> right)
            throws SQLException {
        if (dialect == Dialect.MARIADB) {
            ArrayNode pairs = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < left.size(); i++) {
                pairs.addArray().add(text(left.get(i))).add(text(right.get(i)));
            }
            statement.setString(1, pairs.toString());
        } else {
            bind(connection, statement, 1, left);
            bind(connection, statement, 2, right);
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, int index, List<Object> values)
            throws SQLException {
        Array array = connection.createArrayOf(
                "varchar", values.stream().map(DatabaseOrder::text).toArray());
        statement.setArray(index, array);
        array.free();
    }

    private static String text(Object value) {
        return value.toString();
    }

    /** The statement that returns the pairs which do not rise, by their number from 1, and whether they are equal. */
    private String comparison(Connection connection, String column) throws SQLException {
        return switch (dialect) {
            case POSTGRESQL -> postgres(connection, column);
            case MARIADB -> mariaDb(connection, column);
            case H2 -> h2(connection, column);
            case STANDARD -> throw unknown(column, "its database is none that is asked for its order");
        };
    }

    private String postgres(Connection connection, String column) throws SQLException {
        String probe = "SELECT format('%I.%I', n.nspname, t.typname), CASE WHEN t.typcollation <> 0 THEN"
                + " pg_collation_for(k) END FROM (SELECT (SELECT " + name(connection, column) + " FROM (" + rows.sql()
                + ") q LIMIT 0) AS k) p JOIN pg_type t ON t.oid = pg_typeof(k)"
                + " JOIN pg_namespace n ON n.oid = t.typnamespace";
        try (PreparedStatement statement = prepare(connection, probe);
                ResultSet found = statement.executeQuery()) {
            found.next();
            String type = found.getString(1) + "[]";
            String collate = found.getString(2) == null ? "" : " COLLATE " + found.getString(2);
            String pairs = "unnest(CAST(CAST(? AS text[]) AS " + type + "), CAST(CAST(? AS text[]) AS " + type
                    + ")) WITH ORDINALITY AS u (l, r, i)";
            return "SELECT i, r = l FROM (SELECT i, l" + collate + " AS l, r" + collate + " AS r FROM " + pairs
                    + ") v WHERE (l < r) IS NOT TRUE";
        }
    }

    private String mariaDb(Connection connection, String column) throws SQLException {
        String probe = "SELECT MAX(k), CHARSET(MAX(k)), COLLATION(MAX(k)), COERCIBILITY(MAX(k)) < 5 FROM (SELECT "
                + name(connection, column) + " AS k FROM (" + rows.sql() + ") q LIMIT 0) p";
        try (PreparedStatement statement = prepare(connection, probe);
                ResultSet found = statement.executeQuery()) {
            found.next();
            boolean isText = found.getBoolean(4);
            String type = isText ? "LONGTEXT CHARACTER SET " + found.getString(2) : "VARCHAR(64)";
            String collated = type + (isText ? " COLLATE " + found.getString(3) : "");
            String cast = isText ? "%s" : "CAST(%s AS " + mariaDbType(found.getMetaData()) + ")";
            String left = cast.formatted("l");
            String right = cast.formatted("r");
            return "SELECT i, " + right + " = " + left + " FROM JSON_TABLE(?, '$[*]' COLUMNS (i FOR ORDINALITY, l "
                    + collated + " PATH '$[0]', r " + collated + " PATH '$[1]')) u WHERE NOT COALESCE(" + left + " < "
                    + right + ", FALSE)";
        }
    }

    /** The type of the first column. For an IP address the driver tells only the length. */
    private static String mariaDbType(ResultSetMetaData metaData) throws SQLException {
        return switch (metaData.getColumnTypeName(1)) {
            case "uuid" -> "UUID";
            case "TIME" -> "TIME(6)";
            case "CHAR" -> metaData.getPrecision(1) == LONGEST_INET6 ? "INET6" : "INET4";
            default -> "CHAR";
        };
    }

    private String h2(Connection connection, String column) throws SQLException {
        String probe = "SELECT " + name(connection, column) + " FROM (" + rows.sql() + ") q LIMIT 0";
        try (PreparedStatement statement = prepare(connection, probe);
                ResultSet found = statement.executeQuery()) {
            String type = found.getMetaData().getColumnTypeName(1);
            if (!type.startsWith("CHARACTER") && !type.equals("VARCHAR_IGNORECASE")) {
                throw unknown(column, "values of " + type + " are not compared");
            }
            String array = type + "(" + found.getMetaData().getPrecision(1) + ") ARRAY";
            return "SELECT i, r = l FROM UNNEST(CAST(? AS " + array + "), CAST(? AS " + array
                    + ")) WITH ORDINALITY AS u (l, r, i) WHERE (l < r) IS NOT TRUE";
        }
    }

    /** The quoted name of the column in the rows of the query. */
    private String name(Connection connection, String column) throws SQLException {
        try (PreparedStatement statement = prepare(connection, "SELECT * FROM (" + rows.sql() + ") q LIMIT 0");
                ResultSet found = statement.executeQuery()) {
            Columns columns =
                    Columns.of(found.getMetaData(), found.getMetaData().getColumnCount());
            int index = columns.index(column);
            if (index < 0) {
                throw unknown(column, "its SQL has no such column");
            }
            return dialect.quoteExactly(columns.names().get(index));
        }
    }

    private PreparedStatement prepare(Connection connection, String probe) throws SQLException {
        PreparedStatement statement = new PageQuery(probe, rows.binder()).prepare(connection, "");
        PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
        return statement;
    }

    /** The failure for a column whose order is not known. */
    public static UnorderedPageException unknown(String column, String why) {
        return new UnorderedPageException("the order of the key column " + column + " is not known: " + why
                + "; read by a number or a time, or name the table that has the key, keyTable");
    }
}
