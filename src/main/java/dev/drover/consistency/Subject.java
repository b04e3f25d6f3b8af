package dev.drover.consistency;

import dev.drover.config.Promise;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The source whose premises are looked at, over a connection that is open now.
 *
 * @param connection to the database; it is left open
 * @param table the table that has the key, as the user names it
 * @param schema its schema as the catalog has it
 * @param name its name as the catalog has it
 * @param quoted the same as it stands in SQL
 * @param key the key columns as they stand in SQL, in order
 * @param columns the names of the key columns as the catalog has them, in order
 * @param promises what the user vouches for
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

    /** A catalog must answer soon, or the premise is not known. */
    private static final int SECONDS = 30;

    /** The first key column, with its table. */
    String firstKey() {
        return table + "." + columns.get(0);
    }

    /** All rows of a query, each a map from the labels of its columns in lower case to text. */
    List<Map<String, @Nullable String>> rows(String sql, @Nullable String... parameters) throws SQLException {
        List<Map<String, @Nullable String>> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (statement.getQueryTimeout() == 0) {
                statement.setQueryTimeout(SECONDS);
            }
            for (int parameter = 0; parameter < parameters.length; parameter++) {
                statement.setString(parameter + 1, parameters[parameter]);
            }
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    all.add(row(found));
                }
            }
        }
        return all;
    }

    /** The first row of a query; an empty map when it has none. */
    Map<String, @Nullable String> row(String sql, @Nullable String... parameters) throws SQLException {
        List<Map<String, @Nullable String>> all = rows(sql, parameters);
        return all.isEmpty() ? Map.of() : all.get(0);
    }

    private static Map<String, @Nullable String> row(ResultSet found) throws SQLException {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
            row.put(found.getMetaData().getColumnLabel(column).toLowerCase(Locale.ROOT), found.getString(column));
        }
        return row;
    }
}
