package dev.drover.pages;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The query of one page.
 *
 * @param sql with a {@code ?} for each parameter
 * @param binder sets the parameters
 */
public record PageQuery(String sql, Binder binder) {

    /** Sets the parameters of a statement. */
    public interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** The statement with its parameters set, behind a prefix such as {@code EXPLAIN}. */
    public PreparedStatement prepare(Connection connection, String prefix) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(prefix + sql);
        try {
            binder.bind(statement);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }
}
