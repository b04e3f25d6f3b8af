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

/** How often a pipeline without rows asks its source. */
@Integration
class IdleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Database source = Database.h2().orders(1, 5);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(source)
            .file(RouteFile.of("routes/examples/orders-table.camel.yaml")
                    .after("table: orders", "delay: 10", "longestDelay: 60000"))
            .sendingTo(receiver);

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldAskLessAndLessAndAtItsFirstPaceAfterARow() throws InterruptedException {
        // Given
        drover.start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 5);
        source.run("SET QUERY_STATISTICS TRUE"); // now, because it keeps a hundred texts

        // When
        Thread.sleep(2000);
        long idle = looks();
        source.run(
                "INSERT INTO orders SELECT 6, customer, product, quantity, amount, ordered_at FROM orders WHERE id = 1");
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 6);
        long woken = looks();
        await().atMost(PATIENCE).until(() -> looks() >= woken + 8);

        // Then: at a constant pace it would have been 200
        assertThat(idle).isBetween(8L, 80L);
    }

    private long looks() {
        return source.number("SELECT COALESCE(SUM(EXECUTION_COUNT), 0) FROM INFORMATION_SCHEMA.QUERY_STATISTICS"
                        + " WHERE LOWER(SQL_STATEMENT) LIKE 'select%from%orders%order by%'")
                .longValue();
    }
}
