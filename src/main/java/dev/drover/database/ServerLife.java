package dev.drover.database;

import dev.drover.sql.Dialect;
import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the server behind the connections of a pool and its last start. Another text means another server or a
 * restart. Thread-safe.
 */
public final class ServerLife {

    private static final String POSTGRESQL =
            "SELECT CONCAT_WS(' ', inet_server_addr(), inet_server_port(), pg_postmaster_start_time())";

    // Both times are of the start of the statement, so their difference is constant.
    private static final String MARIADB = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_id,"
            + " UNIX_TIMESTAMP() - (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
            + " WHERE VARIABLE_NAME = 'UPTIME'))";

    // On MySQL not every user may read the uptime.
    private static final String MYSQL = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_uuid)";

    private static final String H2 = "SELECT DATABASE_PATH()";

    /** The known connections of the driver. */
    private final Set<Connection> known = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private @Nullable String life;
    private int changes;

    ServerLife() {}

    /** Whether another server than before answers, or the same one after a restart. */
    boolean isAnother(Connection connection) throws SQLException {
        Connection own = connection.unwrap(Connection.class);
        if (known.contains(own)) {
            return false;
        }
        String now = of(connection);
        boolean another;
        synchronized (this) {
            another = life != null && !life.equals(now);
            changes += another ? 1 : 0;
            life = now;
        }
        known.add(own);
        return another;
    }

    /** How many times another server has answered. */
    synchronized int changes() {
        return changes;
    }

    /** The text of the server behind this connection. */
    public static String of(Connection connection) throws SQLException {
        return switch (Dialect.of(connection)) {
            case POSTGRESQL -> text(connection, POSTGRESQL);
            case MARIADB ->
                text(connection, "MariaDB".equals(connection.getMetaData().getDatabaseProductName()) ? MARIADB : MYSQL);
            case H2 -> text(connection, H2);
            case STANDARD -> connection.getMetaData().getDatabaseProductVersion();
        };
    }

    private static String text(Connection connection, String sql) throws SQLException {
        return Query.first(connection, sql, row -> String.valueOf(row.getString(1)))
                .orElseThrow();
    }
}
