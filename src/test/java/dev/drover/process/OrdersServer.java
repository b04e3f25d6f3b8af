package dev.drover.process;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.h2.tools.Server;

/** A database that outlives the killed process: H2 over TCP with an {@code orders} table. */
public final class OrdersServer implements AutoCloseable {

    private static final String SETTINGS = ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";

    private final Server server;
    private final String url;

    public OrdersServer(Path folder, int orders) throws SQLException {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toString())
                .start();
        url = "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./orders" + SETTINGS;
        try (Connection connection = DriverManager.getConnection(url, "drover", "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id BIGINT PRIMARY KEY, customer VARCHAR(80), product VARCHAR(80),"
                    + " quantity INT, amount NUMERIC(12, 2), ordered_at TIMESTAMP(6))");
            statement.execute("INSERT INTO orders SELECT x, 'customer ' || MOD(x, 50), 'a product of some length', 1,"
                    + " x / 100.0, TIMESTAMP '2026-01-01 00:00:00' + x * INTERVAL '1' SECOND FROM SYSTEM_RANGE(1, "
                    + orders + ")");
        }
    }

    /** Adds the order of this id. */
    void add(int id) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "drover", "");
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO orders (id, customer) VALUES (" + id + ", 'customer')");
        }
    }

    /** What a process needs to read these orders and deliver them. */
    public Map<String, String> environment(CountingReceiver receiver) {
        return environment(receiver.url());
    }

    Map<String, String> environment(String receiver) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DROVER_SOURCE_URL", url);
        environment.put("DROVER_ORDERS_URL", receiver);
        return environment;
    }

    @Override
    public void close() {
        server.stop();
    }
}
