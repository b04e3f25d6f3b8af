package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left is what the pipeline's own SQL would read after the checkpoint. */
@Integration
class RowsAheadTest {

    @ParameterizedTest
    @CsvSource({
        "H2, routes/orders.camel.yaml",
        "POSTGRES, routes/orders.camel.yaml",
        "MARIADB, routes/orders.camel.yaml",
        "H2, routes/examples/orders-table.camel.yaml",
        "POSTGRES, routes/examples/orders-table.camel.yaml",
        "MARIADB, routes/examples/orders-table.camel.yaml"
    })
    void shouldCountTheRowsAfterTheCheckpoint(Engine engine, String file) {
        // Given
        Database database = engine.newDatabase().orders(1, 250);
        try (Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(database)) {
            receiver.fails(Fault.respond(503));
            drover.file(RouteFile.of(file)).sendingTo(receiver).sizes(20, 20, 100);

            // When
            drover.start();
            long before = RowsAhead.left(drover.context(), drover.pipelines());
            receiver.fails(Fault.none());

            // Then
            assertThat(before).isEqualTo(250);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> RowsAhead.left(drover.context(), drover.pipelines()) == 0);
            assertThat(receiver.accepted()).hasSize(250);
        }
    }
}
