package dev.drover.database;

import dev.drover.sql.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which server answers the connections of a pool, and since when it runs: another text means another server, or that it
 * has started again. Thread-safe.
 */
public final class ServerLife {

    private static final String POSTGRESQL =
            "SELECT CONCAT_WS(' ', inet_server_addr(), inet_server_port(), pg_postmaster_start_time())";

    // Both are of the beginning of the statement, so that their difference is the same at each look.
    private static final String MARIADB = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_id,"
            + " UNIX_TIMESTAMP() - (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
            + " WHERE VARIABLE_NAME = 'UPTIME'))";

    // Uptime is a table there that not every user may read.
    private static final String MYSQL = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_uuid)";

    private static final String H2 = "SELECT DATABASE_PATH()";

    /** The connections of the driver that were looked at. */
    private final Set<Connection> known = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private @Nullable String life;
    private int changes;

    ServerLife() {}

    /** Whether another server answers than the one before, or the same one after a restart. */
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

    /** How many times another server has answered than before. */
    synchronized int changes() {
        return changes;
    }

    /** The server behind this connection. */
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
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }
}
