package dev.drover.store;

import dev.drover.ledger.SettlementException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A transaction on a database, with any auto-commit setting of its pool. Spring's transactions are not used: when a
 * rollback fails too, they throw that failure in place of the first. Used by one thread.
 */
public final class Transaction {

    private static final int TRIES = 10;
    private static final String NOW = "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)";

    /** MariaDB's other functions use the time zone of the session, in which one hour of each autumn occurs twice. */
    private static final String NOW_IN_MARIADB =
            "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000)";

    /** Without this type, MariaDB's driver would ask the server for the type of a null. */
    private static final SqlParameterValue NULL = new SqlParameterValue(Types.NULL, null);

    private final Connection connection;
    private final JdbcTemplate jdbc;

    private Transaction(Connection connection) {
        this.connection = connection;
        this.jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
    }

    public interface Work<T> {
        T in(Transaction transaction) throws SQLException;
    }

    /** Does the work and commits; rolls back if the work throws. */
    public static <T> T on(DataSource database, Work<T> work) throws SQLException {
        try (Connection connection = connect(database)) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = work.in(new Transaction(connection));
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                if (e instanceof DataAccessException && e.getCause() instanceof SQLException cause) {
                    throw cause;
                }
                throw e;
            } finally {
                restore(connection, autoCommit);
            }
        }
    }

    /**
     * Does the work as {@link #on(DataSource, Work)} does.
     *
     * @param failure the message if the database fails
     * @throws SettlementException with that message, if the database fails
     */
    public static <T> T on(DataSource database, String failure, Work<T> work) {
        try {
            return on(database, work);
        } catch (SQLException e) {
            throw new SettlementException(failure, e);
        }
    }

    /** Does the work, and repeats it if it conflicts with another transaction. */
    static <T> T retried(DataSource database, String failure, Work<T> work) {
        for (int tried = 1; ; tried++) {
            try {
                return on(database, failure, work);
            } catch (SettlementException e) {
                if (tried == TRIES || !isConflict(e)) {
                    throw e;
                }
            }
        }
    }

    /** Whether two transactions were in conflict, so that it makes sense to try again at once. */
    static boolean isConflict(SettlementException e) {
        String state = e.getCause() instanceof SQLException cause ? String.valueOf(cause.getSQLState()) : "";
        return state.startsWith("23") || state.startsWith("40") || state.equals("90131");
    }

    /** The connection of the transaction. Do not commit it, and do not close it. */
    public Connection connection() {
        return connection;
    }

    /**
     * Changes rows.
     *
     * @param sql with {@code ?} for each value, and {@code $now} for the clock of the database, which is the same for all
     *     processes: milliseconds since 1970
     * @return the number of changed rows
     */
    public int update(String sql, @Nullable Object... values) throws SQLException {
        return jdbc.update(withClock(sql), typed(values));
    }

    /** Inserts or changes rows, with the same SQL for each list of values; no clock. */
    void updateAll(String sql, List<@Nullable Object[]> rows) {
        jdbc.batchUpdate(sql, rows.stream().map(Transaction::typed).toList());
    }

    /** Reads rows, with SQL as for {@link #update}. */
    public <T> List<T> list(String sql, RowMapper<T> row, @Nullable Object... values) throws SQLException {
        return jdbc.query(withClock(sql), row, typed(values));
    }

    /** Reads the first row; empty if there is none. */
    public <T> Optional<T> first(String sql, RowMapper<T> row, @Nullable Object... values) throws SQLException {
        return list(sql, row, values).stream().findFirst();
    }

    private static @Nullable Object[] typed(@Nullable Object[] values) {
        return Arrays.stream(values).map(value -> value == null ? NULL : value).toArray();
    }

    private String withClock(String sql) throws SQLException {
        if (!sql.contains("$now")) {
            return sql;
        }
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return sql.replace("$now", product.contains("mariadb") ? NOW_IN_MARIADB : NOW);
    }

    private static Connection connect(DataSource database) throws SQLException {
        try {
            return database.getConnection();
        } catch (RuntimeException e) {
            // A pool that cannot start throws its own exception.
            throw new SQLException("the store cannot be reached", e);
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void restore(Connection connection, boolean autoCommit) {
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            // The connection is broken; its pool finds out. Neither the failure of the work nor the success of the
            // commit must be masked.
            return;
        }
    }
}
