package dev.drover.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Transactions on the store, with any auto-commit setting of its pool. */
public final class Store {

    private Store() {}

    /** Work inside a transaction. */
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Does the work and commits; rolls it back if it throws. */
    public static <T> T inTransaction(DataSource store, Work<T> work) throws SQLException {
        try (Connection connection = connect(store)) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            } finally {
                restore(connection, autoCommit);
            }
        }
    }

    /** Whether two transactions were in each other's way, so that trying again makes sense at once. */
    public static boolean isConflict(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("23") || state.startsWith("40") || state.equals("90131"));
    }

    private static Connection connect(DataSource store) throws SQLException {
        try {
            return store.getConnection();
        } catch (RuntimeException e) {
            // A pool that cannot start says so in its own way.
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
            // The connection is broken; its pool finds out. What the work or the commit said must not be masked:
            // a commit that was answered is done.
            return;
        }
    }
}
