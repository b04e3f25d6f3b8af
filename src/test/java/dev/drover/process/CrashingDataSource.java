package dev.drover.process;

import dev.drover.database.DatabasePool;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool that ends the process at a named point of its life, as if the machine had lost power: at the n-th time that
 * the system property {@code crash.at} (a {@link CrashPoint}) is reached, n being {@code crash.time}.
 */
public final class CrashingDataSource extends DatabasePool {

    static final int CRASHED = 137;

    private static final CrashPoint POINT = CrashPoint.valueOf(System.getProperty("crash.at"));
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.getInteger("crash.time"));

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        boolean[] matched = new boolean[1];
        return proxy(Connection.class, connection, (method, arguments, result) -> {
            if (method.equals("prepareStatement") && POINT.concerns(String.valueOf(arguments[0]))) {
                return statement((PreparedStatement) result, matched);
            }
            if (method.equals("commit") && matched[0]) {
                matched[0] = false;
                reach(POINT.isAfterCommit());
            }
            return result;
        });
    }

    private static PreparedStatement statement(PreparedStatement statement, boolean[] matched) {
        return proxy(PreparedStatement.class, statement, (method, arguments, result) -> {
            if (method.startsWith("execute")) {
                matched[0] = true;
                reach(!POINT.isAfterCommit());
            }
            return result;
        });
    }

    private static void reach(boolean here) {
        if (here && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(CRASHED);
        }
    }

    private interface After {
        Object called(String method, Object[] arguments, Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(
                CrashingDataSource.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return after.called(method.getName(), arguments, method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
