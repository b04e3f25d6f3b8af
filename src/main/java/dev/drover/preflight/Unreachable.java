package dev.drover.preflight;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Cause;
import dev.drover.route.Finding;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database that could not be opened.
 *
 * @param name the name of the bean and of its settings: {@code source} for {@code drover.source.url}
 * @param failure the exception of its pool or driver
 */
record Unreachable(String name, DataSource database, Exception failure) {

    private static final int H2_IN_USE = 90020;

    /** The SQLSTATEs of a server that takes no connection now: it starts, stops, or has reached its limit. */
    private static final Set<String> NOT_NOW = Set.of("57P01", "57P03", "53300", "08004");

    /** The message of MariaDB's driver, without a cause, for a connection that the server closed at once. */
    private static final Pattern CLOSED = Pattern.compile("socket was closed by server|Connection reset");

    /** Whether the server does not answer now. The settings may be right. */
    boolean isDown() {
        SQLException sql = sqlException();
        return (sql != null && NOT_NOW.contains(sql.getSQLState()))
                || causes().anyMatch(cause -> cause instanceof SocketException
                        || cause instanceof SocketTimeoutException
                        || cause instanceof EOFException
                        || CLOSED.matcher(String.valueOf(cause.getMessage())).find());
    }

    /** The warning while the process waits. */
    String waiting() {
        return name + ": the database does not answer: " + Cause.line(failure) + "; see that it runs, and that "
                + variable("url") + " is its address";
    }

    /** The finding of a check that does not wait. */
    Finding silent(RoutesFolder folder) {
        return folder.finding("drover." + name + ".url", "the database does not answer: " + Cause.line(failure));
    }

    Finding finding(RoutesFolder folder) {
        String url = database instanceof HikariDataSource pool ? String.valueOf(pool.getJdbcUrl()) : "";
        String key = "drover." + name + ".url";
        SQLException sql = sqlException();
        if (sql != null && String.valueOf(sql.getSQLState()).startsWith("28")) {
            return folder.finding(
                    "drover." + name + ".password",
                    "the database refuses this user and password; set " + variable("username") + " and "
                            + variable("password"));
        }
        if (sql != null && sql.getErrorCode() == H2_IN_USE) {
            return folder.finding(
                    key, "the file is in use by another process; end that, or add ;AUTO_SERVER=TRUE to both URLs");
        }
        if (failure instanceof UncheckedIOException) {
            return folder.finding(
                    key,
                    failure.getMessage() + "; set " + variable("url") + " to a file in a folder that this user may"
                            + " write");
        }
        String reason = Cause.line(failure);
        return folder.finding(
                key,
                "the database cannot be reached"
                        + (url.isEmpty() || !reason.contains(url) ? ": " + reason : "")
                        + "; set " + variable("url") + ", and see that the database runs");
    }

    private @Nullable SQLException sqlException() {
        return causes().filter(cause -> cause instanceof SQLException sql && sql.getSQLState() != null)
                .map(SQLException.class::cast)
                .findFirst()
                .orElse(null);
    }

    private Stream<Throwable> causes() {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private String variable(String setting) {
        return RoutesFolder.environmentName("drover." + name + "." + setting);
    }
}
