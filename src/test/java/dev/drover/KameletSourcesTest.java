package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each source Kamelet reads in the mode that its name says, and follows or ends. */
@Integration
class KameletSourcesTest {

    private static final int ROWS = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Receiver receiver = Receiver.start("id");
    private Drover drover;

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldEndWhenTheSourceIsStatic() {
        // Given
        drover = Drover.reading(Database.h2().orders(1, ROWS))
                .sendingTo(receiver)
                .file(route("static"));

        // When
        drover.run();

        // Then
        assertDelivered(ROWS);
    }

    @Test
    void shouldFollowSomeTimeBehindWhenTheSourceLags() {
        // Given
        Database source = Database.h2().orders(1, ROWS);
        drover = Drover.reading(source)
                .sendingTo(receiver)
                .file(route("lag").replace("table: orders", "table: orders\n        lag: 500"));

        // When
        drover.start();
        source.orders(ROWS + 1, ROWS + 10);

        // Then
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == ROWS + 10);
        assertDelivered(ROWS + 10);
    }

    @Test
    void shouldFollowByTransactionsWhenTheSourceHasThem() {
        // Given
        Database source = Database.postgres().orders(1, ROWS);
        source.run(
                "ALTER TABLE orders ADD COLUMN written_by xid8 NOT NULL DEFAULT pg_current_xact_id()",
                "CREATE UNIQUE INDEX orders_in_order ON orders (written_by, id)");
        drover = Drover.reading(source)
                .sendingTo(receiver)
                .file(route("follow").replace("table: orders", "table: orders\n        key: written_by,id"));

        // When
        drover.start();
        source.orders(ROWS + 1, ROWS + 10);

        // Then
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == ROWS + 10);
        assertDelivered(ROWS + 10);
    }

    private static RouteFile route(String mode) {
        return RouteFile.of("routes/examples/short.camel.yaml")
                .replace("drover-follow-source", "drover-" + mode + "-source");
    }

    private void assertDelivered(int rows) {
        assertThat(receiver.accepted()).hasSize(rows);
        assertThat(receiver.duplicates()).isEmpty();
    }
}
