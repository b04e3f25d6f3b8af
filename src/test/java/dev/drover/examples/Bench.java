package dev.drover.examples;

import static dev.drover.examples.Example.eventually;

import dev.drover.preflight.RoutesFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;

/** What an example needs around it: a source with rows, a store that survives its runs, a folder with its file alone. */
final class Bench implements AutoCloseable {

    static final int ROWS = 1030;

    private static final String H2 = ";DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";

    private final String source = "jdbc:h2:mem:source-" + UUID.randomUUID() + H2;
    private final String store = "jdbc:h2:mem:store-" + UUID.randomUUID() + H2;
    private final RoutesFolder folder;
    private final Map<String, String> addresses = new HashMap<>();

    Bench(Path folder, String example) {
        try {
            Files.copy(Path.of("routes", "examples", example), folder.resolve(example));
        } catch (IOException e) {
            throw new IllegalStateException("the example can not be copied into a folder of its own", e);
        }
        this.folder = RoutesFolder.open(folder);
        addresses.put("drover.source.url", source);
        addresses.put("drover.store.url", store);
    }

    Bench address(String key, String url) {
        addresses.put(key, url);
        return this;
    }

    /** A table users with ids from 1. */
    Bench users(int count) {
        execute(source, "CREATE TABLE users (id BIGINT PRIMARY KEY, name VARCHAR(80) NOT NULL, email VARCHAR(80))");
        return moreUsers(1, count);
    }

    Bench moreUsers(int from, int to) {
        execute(
                source,
                "INSERT INTO users SELECT x, 'User ' || x, 'user' || x || '@example.org' FROM SYSTEM_RANGE(" + from
                        + ", " + to + ")");
        return this;
    }

    /** A table orders with ids from 1, shared by 50 customers. */
    Bench orders(int count) {
        execute(
                source,
                "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer VARCHAR(80), product VARCHAR(80),"
                        + " quantity INT, amount NUMERIC(12, 2), ordered_at TIMESTAMP(6))");
        String insert = "INSERT INTO orders VALUES (?, ?, 'kettle', 1, 4.50, TIMESTAMP '2026-01-02 08:00:00')";
        try (Connection connection = connect(source);
                PreparedStatement order = connection.prepareStatement(insert)) {
            for (int id = 1; id <= count; id++) {
                order.setLong(1, id);
                order.setString(2, customerOf(id));
                order.addBatch();
            }
            order.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** The customer of an order: one of 50, some with a name that an expression could stumble over, one with none. */
    static String customerOf(long id) {
        int customer = (int) (id * 7 % 50);
        List<String> odd = Arrays.asList(null, "O'Neill, Ann", "${body}, 1)", "the \"q\"", "", "true");
        return customer < odd.size() ? odd.get(customer) : "customer " + customer;
    }

    Example run() {
        return new Example(folder, addresses);
    }

    /** Runs until this is so, and stops as SIGTERM would. */
    void runUntil(Callable<Boolean> reached) {
        try (Example example = run()) {
            eventually().until(() -> !example.pipelines().isEmpty() && reached.call());
        }
    }

    /** The dead letters as {@code pipeline record_key status}. */
    List<String> deadLetters() {
        List<String> found = new ArrayList<>();
        String query = "SELECT pipeline, record_key, status FROM drover_dead_letter ORDER BY record_key";
        try (Connection connection = connect(store);
                ResultSet rows = connection.createStatement().executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1) + " " + rows.getString(2) + " " + rows.getString(3));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    private static void execute(String url, String sql) {
        try (Connection connection = connect(url)) {
            connection.createStatement().execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "drover", "");
    }

    @Override
    public void close() {
        execute(source, "SHUTDOWN");
        execute(store, "SHUTDOWN");
    }
}
