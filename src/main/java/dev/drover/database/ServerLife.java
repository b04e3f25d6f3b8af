package dev.drover.database;

import dev.drover.sql.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Which server answers, and since when it runs: another text means another server, or that it has started again. */
public final class ServerLife {

    private static final String POSTGRESQL =
            "SELECT CONCAT_WS(' ', inet_server_addr(), inet_server_port()," + " pg_postmaster_start_time())";

    // Both are of the beginning of the statement, so that their difference is the same at each look.
    private static final String MARIADB = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_id,"
            + " UNIX_TIMESTAMP() - (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
            + " WHERE VARIABLE_NAME = 'UPTIME'))";

    // Uptime is a table there that not every user may read.
    private static final String MYSQL = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_uuid)";

    private static final String H2 = "SELECT DATABASE_PATH()";

    private ServerLife() {}

    /** That of the server behind this connection. */
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
