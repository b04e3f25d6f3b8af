package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import dev.drover.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the reader while it publishes: the topic has every row, those of a customer in order. */
@Integration
class KafkaReaderTest {

    private static final int READ_AHEAD = 2000;

    @TempDir
    Path folder;

    @Test
    void shouldPublishEachRowWhenKilledOnce() throws Exception {
        killRepeatedly(8_000, 1, 42);
    }

    @Test
    @Tag("full")
    void shouldPublishEachRowWhenKilledTenTimes() throws Exception {
        killRepeatedly(100_000, 10, System.nanoTime());
    }

    private void killRepeatedly(int orders, int kills, long seed) throws Exception {
        // Given
        Random random = new Random(seed);
        try (KafkaFlow flow = new KafkaFlow(folder, KafkaBroker.shared());
                OrdersServer source = new OrdersServer(folder, orders)) {
            flow.set("DROVER_ORDERS_PAGESIZE", "200")
                    .set("DROVER_ORDERS_BATCHSIZE", "7")
                    .set("DROVER_ORDERS_MAXINFLIGHT", Integer.toString(READ_AHEAD));
            Path home = flow.newFolder("reader");

            // When
            for (int killed = 0; killed < kills; killed++) {
                long until = flow.published() + 1 + random.nextInt(orders / (4 * kills));
                try (DroverProcess reader = flow.read(home, source)) {
                    await().atMost(Duration.ofMinutes(2))
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> flow.published() >= until);
                    reader.kill();
                }
            }
            long beforeTheLast = flow.published();
            int exitCode = flow.read(home, source, "--drain").await();
            Arrivals published = flow.inTopic();

            // Then
            System.out.printf(
                    "orders=%d kills=%d seed=%d duplicates=%d stepsBack=%d%n",
                    orders, kills, seed, published.duplicates(), published.stepsBack());
            assertThat(exitCode).isZero();
            assertThat(beforeTheLast).as("was killed in the middle").isLessThan(orders);
            assertThat(published.distinct()).isEqualTo(orders);
            assertThat(published.overtaken()).isZero();
            assertThat(published.duplicates()).isLessThanOrEqualTo((long) kills * READ_AHEAD);
        }
    }
}
