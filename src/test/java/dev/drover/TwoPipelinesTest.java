package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two pipelines share every bean, {@code #batch} among them, and keep out of each other's way. */
@Integration
class TwoPipelinesTest {

    @Test
    void shouldFlushOnlyItsOwnBatchesWhenAnotherPipelineIsDrained() {
        // Given
        Database source = Database.h2().orders(1, 1000);
        source.run(
                "CREATE TABLE parcels AS SELECT * FROM orders WHERE id <= 30",
                "ALTER TABLE parcels ALTER COLUMN id SET NOT NULL",
                "ALTER TABLE parcels ADD PRIMARY KEY (id)");
        try (Receiver orders = Receiver.start("id");
                Receiver parcels = Receiver.start("id");
                Drover drover = Drover.reading(source)
                        .sendingTo(orders)
                        .sizes(70, 500, 5000)
                        .set("parcels.url", parcels.url())
                        .file(RouteFile.of("routes/orders.camel.yaml"))
                        .file(parcels())) {

            // When
            drover.start();
            await().until(() -> drover.pipelines().stream()
                    .allMatch(pipeline ->
                            pipeline.tally().rows() > 0 && pipeline.ledger().window() == 0));

            // Then
            assertThat(orders.accepted()).hasSize(1000);
            assertThat(orders.batchSizes()).isEqualTo(Map.of(500, 2L));
            assertThat(orders.duplicates()).isEmpty();
            assertThat(parcels.accepted()).hasSize(30);
        }
    }

    /** Asks for more rows than there are, each few milliseconds, so that it is drained all the time. */
    private static RouteFile parcels() {
        String table = RouteFile.of("routes/examples/orders-table.camel.yaml").text();
        return new RouteFile(
                "parcels.camel.yaml",
                table.replaceAll("(?m)^( +id: )(?!orders|deliver)", "$1parcels-")
                        .replace("orders-table", "parcels")
                        .replace("table: orders", "table: parcels\n        delay: 5")
                        .replace("{{drover.orders.url}}", "{{parcels.url}}"));
    }
}
