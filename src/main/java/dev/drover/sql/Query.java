package dev.drover.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Short queries, such as queries of the catalog. Each takes at most
 * {@link PageQuery#DEFAULT_TIMEOUT}, unless the data source sets another limit.
 */
public final class Query {

    private Query() {}

    /** Reads one row. It must not move to another row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All rows of a query, in their order. */
    public static <T> List<T> all(Connection connection, String sql, Row<T> row, @Nullable String... parameters)
            throws SQLException {
        return rows(connection, ofTexts(sql, parameters), row, Integer.MAX_VALUE);
    }

    /** The first row of a query; empty if it has none. */
    public static <T> Optional<T> first(Connection connection, String sql, Row<T> row, @Nullable String... parameters)
            throws SQLException {
        return first(connection, ofTexts(sql, parameters), row);
    }

    public static <T> Optional<T> first(Connection connection, PageQuery query, Row<T> row) throws SQLException {
        return rows(connection, query, row, 1).stream().findFirst();
    }

    private static PageQuery ofTexts(String sql, @Nullable String... parameters) {
        return new PageQuery(sql, statement -> {
            for (int parameter = 0; parameter < parameters.length; parameter++) {
                statement.setString(parameter + 1, parameters[parameter]);
            }
        });
    }

    private static <T> List<T> rows(Connection connection, PageQuery query, Row<T> row, int most) throws SQLException {
        try (PreparedStatement statement = query.prepare(connection, "")) {
            PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
            try (ResultSet found = statement.executeQuery()) {
                List<T> rows = new ArrayList<>();
                while (rows.size() < most && found.next()) {
                    rows.add(row.read(found));
                }
                return rows;
            }
        }
    }
}
