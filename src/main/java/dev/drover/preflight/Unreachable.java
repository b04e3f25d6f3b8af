package dev.drover.preflight;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.pages.Finding;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database that could not be opened.
 *
 * @param name the bean's, which is that of its settings too: {@code source} for {@code drover.source.url}
 * @param failure what its pool or driver said
 */
record Unreachable(String name, DataSource database, Exception failure) {

    private static final int H2_IN_USE = 90020;

    Finding finding(RoutesFolder folder) {
        String url = database instanceof HikariDataSource pool ? String.valueOf(pool.getJdbcUrl()) : "";
        String key = "drover." + name + ".url";
        if (!url.isEmpty() && DriverManager.drivers().noneMatch(driver -> accepts(driver, url))) {
            return folder.finding(
                    key,
                    "no JDBC driver takes this URL; it must begin like jdbc:postgresql://, jdbc:mariadb:// or jdbc:h2:,"
                            + " or the driver must be on the class path");
        }
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
        String reason = DoctorCheck.reason(failure);
        return folder.finding(
                key,
                "the database can not be reached"
                        + (url.isEmpty() || !reason.contains(url) ? ": " + reason : "")
                        + "; set " + variable("url") + ", and see that the database runs");
    }

    private @Nullable SQLException sqlException() {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql;
            }
        }
        return null;
    }

    private String variable(String setting) {
        return RoutesFolder.environmentName("drover." + name + "." + setting);
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            return true; // the driver knows the URL well enough to complain about it
        }
    }
}
