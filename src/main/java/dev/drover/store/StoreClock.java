package dev.drover.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** The clock by which leases are measured: that of the store, the same for all processes. */
public final class StoreClock {

    private static final String STANDARD = "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)";

    /** Its other functions go through the time zone of the session, in which an hour of each autumn comes twice. */
    private static final String MARIADB = "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000)";

    private StoreClock() {}

    /** Replaces {@code $now} by what is, in the SQL of this store, the milliseconds since 1970. */
    public static String in(Connection connection, String sql) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return sql.replace("$now", product.contains("mariadb") ? MARIADB : STANDARD);
    }
}
