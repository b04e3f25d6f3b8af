package dev.drover.database;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of the PostgreSQL and MariaDB drivers, and the settings that a URL must not have. */
final class DriverSettings {

    /** The extra time to wait for an answer, so that the database can report that it ended the statement. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final Pattern SEVERAL_HOSTS = Pattern.compile("jdbc:postgresql://[^/?]*,");

    /** The modes of the drivers of MariaDB and MySQL. */
    private static final Pattern HIGH_AVAILABILITY = Pattern.compile("jdbc:(mariadb|mysql):[a-z-]+:");

    private DriverSettings() {}

    /**
     * Refuses a URL that spreads reads over several servers, because one may lack rows that another has.
     *
     * @param setting the name of the setting, for the message
     * @throws IllegalArgumentException if the URL does that
     */
    static void refuseSpreading(String setting, String url) {
        Matcher mode = HIGH_AVAILABILITY.matcher(url);
        if (mode.lookingAt()) {
            throw new IllegalArgumentException(
                    setting + ": " + mode.group() + " changes servers inside a connection, and one may lack"
                            + " rows that another has; it must begin with jdbc:" + mode.group(1) + "://");
        }
        if (SEVERAL_HOSTS.matcher(url).lookingAt() && url.contains("loadBalanceHosts=true")) {
            throw new IllegalArgumentException(
                    setting + ": loadBalanceHosts=true reads from several servers, and one may lack rows"
                            + " that another has; leave it out");
        }
    }

    /** Whether a driver on the class path takes the URL. */
    static boolean isTaken(String url) {
        return DriverManager.drivers().anyMatch(driver -> {
            try {
                return driver.acceptsURL(url);
            } catch (SQLException e) {
                return true; // the driver knows the URL well enough to complain about it
            }
        });
    }

    /**
     * The properties of the driver. The URL takes precedence over them.
     *
     * @param timeout the longest time of a statement
     */
    static Map<String, String> of(String url, Duration timeout) {
        Map<String, String> settings = new LinkedHashMap<>();
        Duration connect = timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT;
        Duration answer = timeout.plus(GRACE);
        if (url.startsWith("jdbc:postgresql:")) {
            if (SEVERAL_HOSTS.matcher(url).lookingAt() && !url.contains("targetServerType=")) {
                settings.put("targetServerType", "primary");
            }
            settings.put("connectTimeout", String.valueOf(seconds(connect)));
            settings.put("socketTimeout", String.valueOf(seconds(answer)));
            settings.put("cancelSignalTimeout", String.valueOf(seconds(GRACE)));
            settings.put("tcpKeepAlive", "true");
            settings.put("prepareThreshold", "0"); // see DatabasePool
            // The text of these types goes into JSON. The driver would create it from the binary form, and fails at
            // 24:00.
            settings.put("binaryTransferDisable", "NUMERIC,DATE,TIMESTAMP,TIMESTAMPTZ,TIMETZ");
        } else if (url.startsWith("jdbc:mariadb:")) {
            settings.put("connectTimeout", String.valueOf(connect.toMillis()));
            settings.put("socketTimeout", String.valueOf(answer.toMillis()));
            settings.put("tcpKeepAlive", "true");
            // A TIMESTAMP is read in the time zone of the session, and a zone with summer time has one hour twice.
            settings.put("connectionTimeZone", "UTC");
            settings.put("forceConnectionTimeZoneToSession", "true");
        }
        return settings;
    }

    /** The duration in seconds, rounded up. */
    static int seconds(Duration duration) {
        return Math.toIntExact(duration.plusSeconds(1).minusNanos(1).toSeconds());
    }
}
