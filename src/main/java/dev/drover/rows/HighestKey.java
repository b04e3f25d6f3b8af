package dev.drover.rows;

import dev.drover.ledger.Cursor;
import dev.drover.sql.Dialect;
import dev.drover.sql.Names;
import dev.drover.sql.ReadFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The highest committed key of a table. By itself it is no safe upper bound, because a lower key may be committed later.
 * Thread-safe.
 *
 * @param table the table, with or without its schema
 * @param key the key columns, in order
 */
public record HighestKey(String table, List<String> key) {

    public HighestKey {
        key = List.copyOf(key);
    }

    /** Queries the highest key; empty if the table is empty. */
    public Optional<Cursor> find(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql(connection))) {
            statement.setInt(1, 1);
            return RowReader.keys(statement, key).stream().findFirst();
        } catch (SQLException e) {
            throw ReadFailure.of("the highest key of " + table, e);
        }
    }

    private String sql(Connection connection) throws SQLException {
        Names quoted = Names.of(connection, table);
        List<String> columns = key.stream().map(quoted::column).toList();
        String notNull = columns.stream().map(name -> name + " IS NOT NULL").collect(Collectors.joining(" AND "));
        return "SELECT " + String.join(", ", columns) + " FROM " + quoted.table() + " WHERE " + notNull
                + " ORDER BY " + columns.stream().map(name -> name + " DESC").collect(Collectors.joining(", ")) + " "
                + Dialect.of(connection).limit();
    }
}
