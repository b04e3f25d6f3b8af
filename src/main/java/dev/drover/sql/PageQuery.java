package dev.drover.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * The query of one page.
 *
 * @param sql with a {@code ?} for each parameter
 * @param binder sets the parameters
 */
public record PageQuery(String sql, Binder binder) {

    /** The longest time of a query if the data source sets no limit. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** Sets the parameters of a statement. */
    public interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Prepares the statement and sets its parameters. The prefix, such as {@code EXPLAIN}, precedes the SQL. */
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

    /** Limits the time of a statement, unless the data source has set a limit. */
    public static void limit(Statement statement, Duration timeout) throws SQLException {
        if (statement.getQueryTimeout() == 0) {
            statement.setQueryTimeout(
                    Math.toIntExact(timeout.plusSeconds(1).minusNanos(1).toSeconds()));
        }
    }
}
