package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.cli.Main;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inserts, updates and deletes of a table, read from its change log. */
abstract class ChangesSuite {

    final Database source = database();
    final Receiver receiver = Receiver.start("id");
    final Drover drover = Drover.reading(source)
            .file(RouteFile.of("routes/examples/orders-table.camel.yaml")
                    .replace("table: orders", "table: items\n        changes: true")
                    .replace("\n        startAfter: \"0\"", "")
                    .replace("orders-table\n        t", "items\n        t"))
            .sendingTo(receiver)
            .sizes(100, 20, 100);

    @TempDir
    Path folder;

    abstract Database database();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    void items(int rows) {
        source.run(
                "CREATE TABLE items (id BIGINT PRIMARY KEY, name VARCHAR(80), amount DECIMAL(12, 2), version INT NOT NULL)",
                "INSERT INTO items SELECT x, CONCAT('item ', x), x / 4.0, 1 FROM " + source.rows(1, rows));
    }

    /** Runs the command; returns what it says. */
    String drover(String... words) {
        try {
            Files.writeString(
                    folder.resolve("application.properties"),
                    "drover.source.url=" + source.url() + "\ndrover.source.username=" + source.username()
                            + "\ndrover.store.url=" + source.url() + "\ndrover.store.username=" + source.username()
                            + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        StringWriter said = new StringWriter();
        int exit = Main.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(java.util.stream.Stream.concat(
                                java.util.Arrays.stream(words),
                                java.util.stream.Stream.of("--routes", folder.toString()))
                        .toArray(String[]::new));
        return exit + ": " + said;
    }

    void logged() {
        assertThat(drover("changes", "create", "items", "--apply")).startsWith("0: ");
    }

    /** What the receiver has, applied in the order of the requests. */
    Map<String, String> received() {
        Map<String, String> state = new TreeMap<>();
        receiver.requests().stream().filter(request -> request.accepted()).forEach(request -> request.records()
                .forEach(change -> {
                    String key = change.path("key").path("id").asText();
                    if (change.path("operation").asText().equals("delete")) {
                        assertThat(change.path("row").isNull()).isTrue();
                        state.remove(key);
                    } else {
                        state.put(key, row(change.path("row")));
                    }
                }));
        return state;
    }

    private static String row(JsonNode row) {
        return row.path("name").asText() + "|"
                + row.path("amount").decimalValue().stripTrailingZeros().toPlainString() + "|"
                + row.path("version").asText();
    }

    Map<String, String> there() {
        return source
                .column("SELECT CONCAT(id, '=', COALESCE(name, 'null'), '|', amount, '|', version) FROM items")
                .stream()
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> {
                            String[] parts =
                                    line.substring(line.indexOf('=') + 1).split("\\|", -1);
                            return parts[0] + "|"
                                    + new java.math.BigDecimal(parts[1])
                                            .stripTrailingZeros()
                                            .toPlainString()
                                    + "|" + parts[2];
                        },
                        (one, other) -> one,
                        TreeMap::new));
    }

    void awaitInStep() {
        await().atMost(java.time.Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(received()).isEqualTo(there()));
    }

    @Test
    void shouldDeliverTheRowsThatAreThereAndThenTheirChanges() {
        // Given
        items(250);
        logged();
        drover.start();
        awaitInStep();

        // When
        source.run(
                "INSERT INTO items VALUES (1000, 'new', 1, 1)",
                "UPDATE items SET amount = amount + 1, version = 2 WHERE id <= 120",
                "UPDATE items SET id = 2000 WHERE id = 7",
                "UPDATE items SET name = NULL WHERE id = 9",
                "DELETE FROM items WHERE id BETWEEN 50 AND 60",
                "DELETE FROM items WHERE id = 1000");

        // Then
        awaitInStep();
        assertThat(there()).hasSize(239);
    }

    @Test
    void shouldDeliverTheDeleteOfTheLastRow() {
        // Given
        items(1);
        logged();
        drover.start();
        awaitInStep();

        // When
        source.run("DELETE FROM items");

        // Then
        awaitInStep();
        assertThat(received()).isEmpty();
    }
}
