package dev.drover.pages;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What decides which {@link Consistency} modes a source allows.
 *
 * @param dialect the engine
 * @param table the table that has the key
 * @param keyTypes the engine's names of the key columns' types
 * @param generated whether the key is one column whose values the database gives inside the INSERT, and that grows
 * @param claimable whether the table of the claims has the columns for them; false where nobody claims
 * @param standby whether this is a read-only copy, which does not see the writers of its primary
 * @param seesSessions whether the user may see what all sessions do (H2)
 */
public record SourceFacts(
        Dialect dialect,
        String table,
        List<String> keyTypes,
        boolean generated,
        boolean claimable,
        boolean standby,
        boolean seesSessions) {

    /** Looks them up. */
    static SourceFacts of(Connection connection, String table, PagesConfig config) throws SQLException {
        List<String> key = config.key();
        Dialect dialect = Dialect.of(connection);
        List<String> types = new ArrayList<>();
        boolean generated;
        String columns = key.stream().map(dialect::quote).collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery(
                        "SELECT " + columns + " FROM " + dialect.quote(table) + " WHERE 1 = 0")) {
            ResultSetMetaData metaData = none.getMetaData();
            for (int column = 1; column <= key.size(); column++) {
                types.add(metaData.getColumnTypeName(column));
            }
            generated = key.size() == 1 && metaData.isAutoIncrement(1);
        }
        return new SourceFacts(
                dialect,
                table,
                List.copyOf(types),
                generated,
                config.consistency() == Consistency.CLAIM
                        && isClaimable(connection, config.claims().tableOr(table)),
                dialect == Dialect.POSTGRESQL && isTrue(connection, "SELECT pg_is_in_recovery()"),
                dialect == Dialect.H2 && isTrue(connection, QuietSessions.MAY_SEE_ALL));
    }

    /** Whether the first key column holds the number of the transaction that wrote the row. */
    public boolean beginsWithTransaction() {
        return dialect == Dialect.POSTGRESQL && keyTypes.get(0).equals("xid8");
    }

    private static boolean isClaimable(Connection connection, String table) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery(
                        "SELECT * FROM " + Dialect.of(connection).quote(table) + " WHERE 1 = 0")) {
            for (int column = 1; column <= none.getMetaData().getColumnCount(); column++) {
                columns.add(none.getMetaData().getColumnLabel(column).toLowerCase(Locale.ROOT));
            }
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith("42")) {
                throw e;
            } // there is no such table, or it may not be read
        }
        return columns.containsAll(ClaimTable.COLUMNS);
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
