package dev.drover.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A table whose rows come, change and go, its change log, and a receiver that must have the same rows.
 *
 * @param slot whether a replication slot is read in the place of the log
 */
public record Items(Database source, Receiver receiver, boolean slot) {

    private static final RouteFile SLOT = RouteFile.of("src/replication/routes/replicated.camel.yaml");

    private static final String ROUTE = "routes/examples/orders-table.camel.yaml";

    /** With a change log. */
    public Items(Database source, Receiver receiver) {
        this(source, receiver, false);
    }

    /** Creates the table with rows of the ids from 1, without its log. */
    public Items with(int rows) {
        source.run(
                "CREATE TABLE items (id BIGINT PRIMARY KEY, name VARCHAR(80), amount DECIMAL(12, 2), version INT NOT NULL,"
                        + " updated_at TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6))",
                "INSERT INTO items (id, name, amount, version) SELECT x, CONCAT('item ', x), x / 4.0, 1 FROM "
                        + source.rows(1, rows));
        return this;
    }

    /** Makes the log, as the command does, or the slot. */
    public Items logged() {
        if (slot) {
            source.run("CREATE PUBLICATION drover FOR TABLE items");
            source.run("SELECT pg_create_logical_replication_slot('drover', 'pgoutput')");
            return this;
        }
        assertThat(drover("changes", "create", "items", "--apply")).startsWith("0: ");
        return this;
    }

    /** Inserts, updates and deletes rows of {@link #with}, changes a key, and deletes a row that it has inserted. */
    public void change() {
        source.run(
                "INSERT INTO items (id, name, amount, version) VALUES (1000, 'new', 1, 1)",
                "UPDATE items SET amount = amount + 1, version = 2 WHERE id <= 120",
                "UPDATE items SET id = 2000 WHERE id = 7",
                "UPDATE items SET name = NULL WHERE id = 9",
                "DELETE FROM items WHERE id BETWEEN 50 AND 60",
                "DELETE FROM items WHERE id = 1000");
    }

    /** A pipeline that reads the changes. */
    public RouteFile route() {
        RouteFile log = RouteFile.of(ROUTE)
                .replace("table: orders", "table: items\n        changes: true")
                .replace("\n        startAfter: \"0\"", "")
                .replace("name: orders-table\n        table", "name: items\n        table");
        String beans = SLOT.text().substring(SLOT.text().indexOf("- beans:"));
        return slot
                ? new RouteFile(
                        log.name(),
                        log.text().replace("changes: true", "changes: true\n        changeFeed: \"#slot\"") + beans)
                : log;
    }

    /**
     * Runs a command on the pipeline, whose store is in the same database.
     *
     * @return its exit code and what it says
     */
    public String drover(String... words) {
        try {
            Path folder = Files.createTempDirectory("items");
            route().writeTo(folder);
            String access = "drover.%1$s.url=" + source.url() + "\ndrover.%1$s.username=" + source.username() + "\n";
            Files.writeString(
                    folder.resolve("application.properties"),
                    access.formatted("source") + access.formatted("store") + "drover.orders.url=" + receiver.url());
            List<String> all = new ArrayList<>(List.of(words));
            all.addAll(List.of("--routes", folder.toString()));
            StringWriter said = new StringWriter();
            int exit = Main.commandLine()
                    .setOut(new PrintWriter(said))
                    .setErr(new PrintWriter(said))
                    .execute(all.toArray(String[]::new));
            return exit + ": " + said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of the receiver by key, after all changes that it has accepted in their order. */
    public Map<String, String> received() {
        Map<String, String> state = new TreeMap<>();
        receiver.requests().stream()
                .filter(Request::accepted)
                .flatMap(request -> request.records().stream())
                .forEach(change -> apply(change, state));
        return state;
    }

    private static void apply(JsonNode change, Map<String, String> state) {
        String key = change.path("key").path("id").asText();
        JsonNode row = change.path("row");
        if (change.path("operation").asText().equals("delete")) {
            assertThat(row.isNull()).isTrue();
            state.remove(key);
        } else {
            state.put(
                    key,
                    text(
                            row.path("name").asText(),
                            row.path("amount").asText(),
                            row.path("version").asText()));
        }
    }

    /** The rows of the table by key. */
    public Map<String, String> there() {
        Map<String, String> state = new TreeMap<>();
        for (String line :
                source.column("SELECT CONCAT(id, '|', COALESCE(name, 'null'), '|', amount, '|', version) FROM items")) {
            String[] parts = line.split("\\|", -1);
            state.put(parts[0], text(parts[1], parts[2], parts[3]));
        }
        return state;
    }

    private static String text(String name, String amount, String version) {
        return name + "|" + new BigDecimal(amount).stripTrailingZeros().toPlainString() + "|" + version;
    }

    /** Waits until the receiver has the rows of the table. */
    public void awaitInStep() {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(received()).isEqualTo(there()));
    }

    /**
     * A few changes at random of rows with these ids, kept open at random; one in five is rolled back.
     *
     * @param slowest how long it is kept open after one change, in milliseconds
     * @return whether it was committed
     */
    public static boolean transaction(Database source, Random random, int ids, int slowest)
            throws InterruptedException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int change = random.nextInt(4); change >= 0; change--) {
                statement.execute(change(random, ids));
                if (random.nextInt(4) == 0) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(slowest));
                }
            }
            if (random.nextInt(5) == 0) {
                connection.rollback();
                return false;
            }
            connection.commit();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
            return true;
        } catch (SQLException e) { // a deadlock, or an id that is there already
            return false;
        }
    }

    private static String change(Random random, int ids) {
        int id = 1 + random.nextInt(ids);
        int to = 1 + random.nextInt(ids);
        return switch (random.nextInt(8)) {
            case 0, 1 ->
                "INSERT INTO items (id, name, amount, version) VALUES (" + id + ", 'n" + to + "', " + to + ", 1)";
            case 2, 3 -> "DELETE FROM items WHERE id = " + id;
            case 4 -> "UPDATE items SET id = " + to + ", version = version + 1 WHERE id = " + id;
            default ->
                "UPDATE items SET amount = amount + 1, version = version + 1, updated_at = CURRENT_TIMESTAMP(6) WHERE id = "
                        + id;
        };
    }
}
