package dev.drover.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.TraceSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an embedded H2 database open until its pool is closed. H2 closes it in a shutdown hook, which a SIGTERM starts
 * together with Camel's hook: the last checkpoint of a pipeline then often came too late. H2 refuses the setting
 * against that, {@code DB_CLOSE_ON_EXIT=FALSE}, beside {@code AUTO_SERVER=TRUE}, so this class calls a private method
 * of H2. It also keeps H2 from writing a trace file beside the database for each statement that fails. Thread-safe.
 */
final class EmbeddedDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final @Nullable Method UNREGISTER = unregister();

    private static final Pattern FILE =
            Pattern.compile("(?i)jdbc:h2:(?!mem:|tcp:|ssl:|zip:)(?:file:)?([^;]+)(?!.*;IFEXISTS=TRUE)(?:;.*)?");

    private EmbeddedDatabase() {}

    /**
     * Makes the folder of an H2 file, for its owner alone. If H2 itself cannot make it, H2 prints a stack trace. Does
     * nothing with any other URL, or if the file must exist already.
     *
     * @throws UncheckedIOException naming the folder that cannot be written
     */
    static void makeFolder(String url) {
        Matcher file = FILE.matcher(url);
        if (!file.matches()) {
            return;
        }
        Path folder = path(file.group(1)).toAbsolutePath().normalize().getParent();
        try {
            if (folder != null
                    && !Files.isWritable(Files.createDirectories(folder, EmbeddedPassword.ofOwner("rwx------")))) {
                throw new AccessDeniedException(folder.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be written", e);
        }
    }

    /** A file as H2 finds it: {@code ~} is the home of the user. */
    static Path path(String file) {
        return Path.of(file.startsWith("~") ? System.getProperty("user.home") + file.substring(1) : file);
    }

    /** Does nothing with any other database; a database that is not taken out of the hook only closes too early. */
    static void keepOpen(Connection connection) throws SQLException {
        if (connection.isWrapperFor(JdbcConnection.class)
                && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
            session.getDatabase().getTraceSystem().setLevelFile(TraceSystem.OFF);
            unregister(session.getDatabase());
        }
    }

    /**
     * Whether H2 cannot open a file that processes share. Another process may be closing or opening it; when two open it at
     * once, H2 refuses one with the general error.
     */
    static boolean isChangingHands(String url, SQLException failure) {
        return (failure.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                        || failure.getErrorCode() == ErrorCode.ERROR_OPENING_DATABASE_1)
                && EmbeddedPassword.database(url) != null;
    }

    /**
     * Keeps the pool from lending a connection to a closed database again. H2 closes a database that it could not
     * write, and the next connection opens it. Each statement of an old connection fails, though the driver calls it
     * valid.
     */
    static SQLExceptionOverride notLentAgain() {
        return new SQLExceptionOverride() {
            @java.lang.Override
            public SQLExceptionOverride.Override adjudicate(SQLException e) {
                return e instanceof SQLNonTransientConnectionException
                        ? SQLExceptionOverride.Override.MUST_EVICT
                        : SQLExceptionOverride.Override.CONTINUE_EVICT;
            }
        };
    }

    private static void unregister(Database database) {
        try {
            if (UNREGISTER != null) {
                UNREGISTER.invoke(null, database);
            }
        } catch (ReflectiveOperationException e) {
            LOG.debug("H2 closes its database in a hook of its own", e);
        }
    }

    private static @Nullable Method unregister() {
        try {
            Method unregister =
                    Class.forName("org.h2.engine.OnExitDatabaseCloser").getDeclaredMethod("unregister", Database.class);
            unregister.setAccessible(true);
            return unregister;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("H2 closes its database in a hook of its own", e);
            return null;
        }
    }
}
