package dev.drover.consistency;

import dev.drover.config.Promise;
import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table on which premises are checked.
 *
 * @param connection an open connection to the database; stays open
 * @param table the name of the table, as the user writes it
 * @param schema the schema in the catalog
 * @param name the name in the catalog
 * @param quoted the name in SQL
 * @param key the key columns in SQL, in order
 * @param columns the names of the key columns in the catalog, in order
 * @param promises the promises of the user
 */
public record Subject(
        Connection connection,
        String table,
        String schema,
        String name,
        String quoted,
        List<String> key,
        List<String> columns,
        Set<Promise> promises) {

    /** The first key column, with its table. */
    String firstKey() {
        return table + "." + columns.get(0);
    }

    /** All rows of a query, as text by the lower-case label of the column. */
    List<Map<String, @Nullable String>> rows(String sql, @Nullable String... parameters) throws SQLException {
        return Query.all(connection, sql, Subject::row, parameters);
    }

    /** The first row of a query; an empty map if it has none. */
    Map<String, @Nullable String> row(String sql, @Nullable String... parameters) throws SQLException {
        return Query.first(connection, sql, Subject::row, parameters).orElse(Map.of());
    }

    private static Map<String, @Nullable String> row(ResultSet found) throws SQLException {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
            row.put(found.getMetaData().getColumnLabel(column).toLowerCase(Locale.ROOT), found.getString(column));
        }
        return row;
    }
}
