package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, as the README shows it. */
@Integration
class DemoTest {

    @TempDir
    Path folder;

    @Test
    void shouldDeliverEachOrderOnceWhenRunAgainAndAgain() throws Exception {
        // Given
        List<String> first = demo();
        List<String> second = demo();
        insertThreeOrders();

        // When
        List<String> third = demo();

        // Then
        assertThat(first)
                .containsExactly(
                        "orders: 10,030 rows, 101 pages of 100, 201 batches (200 of 50, 1 of 30)",
                        "orders: 0 filtered out, 0 dead letters, checkpoint id=10030");
        assertThat(second)
                .containsExactly(
                        "orders: 0 rows, 0 batches", "orders: 0 filtered out, 0 dead letters, checkpoint id=10030");
        assertThat(third)
                .containsExactly(
                        "orders: 3 rows, 1 batch (1 of 3)",
                        "orders: 0 filtered out, 0 dead letters, checkpoint id=10033");
    }

    @Test
    void shouldRefuseTheDemoWhenADestinationIsConfigured() throws Exception {
        // Given
        Map<String, String> environment = Map.of("DROVER_ORDERS_URL", "http://127.0.0.1:9/orders");

        // When
        DroverProcess drover = DroverProcess.run(folder, environment, "--demo");

        // Then
        assertThat(drover.await()).isEqualTo(2);
        assertThat(drover.errors()).singleElement().asString().contains("--demo", "DROVER_ORDERS_URL");
    }

    @Test
    void shouldNameTheVariableWhenThereIsNoSource() throws Exception {
        // Given
        Map<String, String> environment = Map.of();

        // When
        DroverProcess drover = DroverProcess.run(folder, environment);

        // Then
        assertThat(drover.await()).isEqualTo(2);
        assertThat(drover.errors()).hasSize(2).first().asString().contains("DROVER_SOURCE_URL");
    }

    private List<String> demo() throws Exception {
        DroverProcess drover = DroverProcess.run(folder, Map.of(), "--demo", "--drain");
        assertThat(drover.await()).as("%s", drover.errors()).isZero();
        return drover.output();
    }

    private void insertThreeOrders() throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:h2:file:" + folder.resolve("data/demo/source")
                                + ";AUTO_SERVER=TRUE;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE",
                        "drover",
                        DroverProcess.password(folder, "data/demo/source"));
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO orders (customer, product, quantity, amount, ordered_at)"
                    + " SELECT customer, product, quantity, amount, ordered_at FROM orders WHERE id <= 3");
        }
    }
}
