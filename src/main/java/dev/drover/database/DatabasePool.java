package dev.drover.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.drover.config.CheckedBean;
import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection pool in which nothing waits for ever. Every statement has {@link #setTimeout} as its limit. If the
 * answer is still missing some seconds after that, the database is cut off, and the connection is given up. Set up
 * before its first use, thread-safe then.
 *
 * <p>The limit for an answer is set for the drivers of PostgreSQL and MariaDB, which have different names and units for
 * it; what the URL says wins. With any other database only the statements have a limit.
 *
 * <p>As a bean of a route file it is closed when its context has stopped, after the last write of the routes. A
 * {@code destroyMethod} in the file would close it as soon as the file is parsed, since Camel unbinds a bean that it
 * binds again.
 */
public class DatabasePool extends HikariDataSource implements CamelContextAware, CheckedBean {

    /** The value of a password that is made at the first use of an H2 file that processes share. */
    public static final String GENERATED = "generated";

    private static final Logger LOG = LoggerFactory.getLogger(DatabasePool.class);

    static {
        // an H2 file that processes share listens on a port: on loopback only, however the process is started
        System.setProperty("h2.bindAddress", "127.0.0.1");
    }

    private static final Duration LONGEST_CHECK = Duration.ofSeconds(5);

    /** How long the process that closes or opens a shared H2 file may take. */
    private static final Duration CHANGE_OF_HANDS = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(100);

    private static final Pattern THRESHOLD = Pattern.compile("(?<=[?&])prepareThreshold=(-?\\d{1,9})&?");

    /** The default of the driver. */
    private static final int USUAL_THRESHOLD = 5;

    /** The use of a statement from which the server keeps it under a name; 0 for never. */
    private volatile int prepareThreshold = USUAL_THRESHOLD;

    private final ServerLife life = new ServerLife();
    private Duration timeout = Duration.ofSeconds(30);
    private volatile @Nullable String generated;
    private @Nullable CamelContext camelContext;

    public DatabasePool() {
        setExceptionOverride(EmbeddedDatabase.notLentAgain());
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
        camelContext.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext context) {
                close();
            }
        });
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return camelContext;
    }

    /**
     * How long a statement may run.
     *
     * @param millis milliseconds, rounded up to seconds; 30000 if not set
     * @throws IllegalArgumentException if it is less than 250, which is the shortest time that the pool knows
     */
    public void setTimeout(long millis) {
        if (millis < 250) {
            throw new IllegalArgumentException("timeout: must be at least 250 milliseconds, not " + millis);
        }
        timeout = Duration.ofMillis(millis);
        limitWaiting();
    }

    /**
     * What is read. Where a URL of PostgreSQL names several hosts, only the one that takes writes is connected to, unless
     * the URL has a {@code targetServerType}.
     *
     * @throws IllegalArgumentException if the URL spreads what is read over several servers: one may lack rows that
     *     another has
     */
    @Override
    public void setJdbcUrl(@Nullable String url) {
        if (url != null) {
            DriverSettings.refuseSpreading(getPoolName() == null ? "jdbcUrl" : "drover." + getPoolName() + ".url", url);
        }
        super.setJdbcUrl(url == null ? null : withoutThreshold(url));
        limitWaiting();
    }

    @Override
    public List<Problem> problems() {
        String url = getJdbcUrl();
        return url == null || DriverSettings.isTaken(url)
                ? List.of()
                : List.of(new Problem(
                        "jdbcUrl",
                        "no JDBC driver takes this URL; it must begin like jdbc:postgresql://, jdbc:mariadb:// or"
                                + " jdbc:h2:, or the driver must be on the class path"));
    }

    /** Until it is known that the server itself answers, no statement may have a name. */
    private String withoutThreshold(String url) {
        Matcher asked = THRESHOLD.matcher(url);
        prepareThreshold = asked.find() ? Integer.parseInt(asked.group(1)) : USUAL_THRESHOLD;
        return asked.reset().replaceAll("");
    }

    private void limitWaiting() {
        String url = String.valueOf(getJdbcUrl());
        setValidationTimeout((timeout.compareTo(LONGEST_CHECK) < 0 ? timeout : LONGEST_CHECK).toMillis());
        DriverSettings.of(url, timeout).forEach(this::addDataSourceProperty);
        // Texts are sorted by their first bytes, and compared by all.
        if (url.startsWith("jdbc:mariadb:") && getConnectionInitSql() == null) {
            setConnectionInitSql("SET max_sort_length = GREATEST(@@max_sort_length, 65536)");
        }
    }

    /**
     * The user and password of the next connection. A password {@code file:/path} is the content of the file at that
     * time. {@code generated} is the password of an H2 file that processes share, or none.
     *
     * @throws IllegalArgumentException if the file cannot be read, naming it
     */
    @Override
    public Credentials getCredentials() {
        Credentials set = super.getCredentials();
        String password = set.getPassword();
        return password == null ? set : Credentials.of(set.getUsername(), secret(set.getUsername(), password));
    }

    private String secret(@Nullable String user, String password) {
        if (!password.equals(GENERATED)) {
            return Secret.setting(password);
        }
        String known = generated;
        if (known == null) {
            known = EmbeddedPassword.of(String.valueOf(getJdbcUrl()), String.valueOf(user));
            generated = known;
        }
        return known;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (!isRunning()) {
            EmbeddedDatabase.makeFolder(String.valueOf(getJdbcUrl()));
        }
        Connection connection = open();
        try {
            if (String.valueOf(getJdbcUrl()).startsWith("jdbc:h2:")) {
                EmbeddedDatabase.keepOpen(connection);
            } else if (connection.isWrapperFor(PGConnection.class)) {
                nameStatements(connection);
            }
            if (life.isAnother(connection)) {
                getHikariPoolMXBean().softEvictConnections(); // no connection to the former server is used again
            }
        } catch (SQLException | RuntimeException e) {
            connection.close(); // the caller does not get it, and cannot give it back to the pool
            throw e;
        }
        return (Connection) Proxy.newProxyInstance(
                DatabasePool.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> limited(call(connection, method, arguments)));
    }

    /** Tries again while an H2 file that processes share changes hands: for a moment no process can open it. */
    private Connection open() throws SQLException {
        long begun = System.nanoTime();
        while (true) {
            try {
                return openOnce();
            } catch (SQLException e) {
                if (!EmbeddedDatabase.isChangingHands(String.valueOf(getJdbcUrl()), e)
                        || Thread.currentThread().isInterrupted()
                        || System.nanoTime() - begun > CHANGE_OF_HANDS.toNanos()) {
                    throw e;
                }
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private Connection openOnce() throws SQLException {
        try {
            return super.getConnection();
        } catch (SQLException e) {
            boolean refused =
                    generated != null && String.valueOf(e.getSQLState()).startsWith("28");
            if (!refused || !EmbeddedPassword.complete(String.valueOf(getJdbcUrl()), String.valueOf(getUsername()))) {
                throw e;
            }
            return super.getConnection();
        }
    }

    /**
     * A statement that the server keeps under a name belongs to one session. Behind a pooler that lends sessions by
     * the transaction, the next transaction finds another session, whose statement of the same name may read
     * another table. So a connection begins without names, and gets them only when the server itself answers: a pooler
     * gives its client its own number for the session, not the number of the server's process.
     */
    private void nameStatements(Connection connection) throws SQLException {
        PGConnection session = connection.unwrap(PGConnection.class);
        if (prepareThreshold == 0 || session.getPrepareThreshold() != 0) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            if (rows.getInt(1) == session.getBackendPID()) {
                session.setPrepareThreshold(prepareThreshold);
                return;
            }
        }
        prepareThreshold = 0;
        LOG.info("{}: a connection pooler answers, so no statement is kept on the server under a name", getPoolName());
    }

    /**
     * How many times another server has answered than before. Between two equal numbers only one server has answered.
     *
     * @param source if it is no such pool, the number is not known, and 0
     */
    public static int changes(DataSource source) {
        return source instanceof DatabasePool pool ? pool.life.changes() : 0;
    }

    /** JDBC has no such limit for a connection, so each of its statements gets it. */
    private @Nullable Object limited(@Nullable Object result) throws SQLException {
        int limit = DriverSettings.seconds(timeout);
        // the driver of H2 asks the database to set it, and remembers
        if (result instanceof Statement statement && statement.getQueryTimeout() != limit) {
            statement.setQueryTimeout(limit);
        }
        return result;
    }

    private static @Nullable Object call(Connection connection, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
