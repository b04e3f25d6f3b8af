package dev.drover.ledger;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A store that can be gone for a moment, or lose the answer to a commit that it did. */
public final class FlakyStore implements DataSource {

    private final DataSource store;
    private volatile Mood mood = Mood.WELL;

    public enum Mood {
        WELL,
        GONE,
        LOSES_ANSWERS
    }

    public FlakyStore(DataSource store) {
        this.store = store;
    }

    public void is(Mood mood) {
        this.mood = mood;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (mood == Mood.GONE) {
            throw new SQLException("the store is gone", "08006");
        }
        Connection connection = store.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    Object result = invoke(connection, method, arguments);
                    if (mood == Mood.LOSES_ANSWERS && method.getName().equals("commit")) {
                        throw new SQLException("the connection broke while it waited for the answer", "08006");
                    }
                    return result;
                });
    }

    private static @Nullable Object invoke(
            Connection connection, java.lang.reflect.Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter writer) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("store");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
