package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the process at random moments, with batches kept: a receiver that applies each key once has then applied each
 * row once. Batches span pages, so that without the kept ones a restart cuts others.
 */
@Integration
class ExactlyOnceTest {

    @TempDir
    Path folder;

    @Test
    void shouldApplyEachRowOnceWhenKilledAFewTimes() throws Exception {
        killRepeatedly(4_000, 3, 42);
    }

    @Test
    @Tag("full")
    void shouldApplyEachRowOnceWhenKilledTwentyTimes() throws Exception {
        killRepeatedly(60_000, 20, System.nanoTime());
    }

    private void killRepeatedly(int orders, int kills, long seed) throws Exception {
        // Given
        Random random = new Random(seed);
        Path routes = Files.createDirectory(folder.resolve("routes"));
        String example = "exactly-once.camel.yaml";
        Files.copy(DroverProcess.ROUTES.resolve("examples").resolve(example), routes.resolve(example));
        try (OnceReceiver receiver = new OnceReceiver(seed);
                OrdersServer source = new OrdersServer(folder, orders)) {
            Map<String, String> environment = source.environment(receiver.url());
            environment.put("DROVER_ORDERS_PAGESIZE", "200");
            environment.put("DROVER_ORDERS_BATCHSIZE", "70");
            environment.put("DROVER_ORDERS_MAXINFLIGHT", "2000");

            // When
            for (int killed = 0; killed < kills; killed++) {
                killWhileDelivering(environment, receiver, 1 + random.nextInt(orders / (2 * kills)));
            }
            int beforeTheLast = receiver.applied().size();
            int exitCode = run(environment, "--drain").await();

            // Then
            System.out.printf(
                    "orders=%d kills=%d seed=%d repeated=%d beforeTheLast=%d%n",
                    orders, kills, seed, receiver.repeated(), beforeTheLast);
            assertThat(exitCode).isZero();
            assertThat(beforeTheLast).as("was killed in the middle").isLessThan(orders);
            assertThat(receiver.changed())
                    .as("changed bodies under a known key")
                    .isZero();
            assertThat(receiver.applied()).hasSize(orders);
            assertThat(receiver.applied().values()).containsOnly(1);
        }
    }

    /** By rows and not by time: a fast machine would have delivered them all before the last kill. */
    private void killWhileDelivering(Map<String, String> environment, OnceReceiver receiver, int rows)
            throws Exception {
        int until = receiver.applied().size() + rows;
        try (DroverProcess drover = run(environment)) {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> receiver.applied().size() >= until || !drover.isAlive());
            drover.kill();
        }
    }

    private DroverProcess run(Map<String, String> environment, String... options) throws Exception {
        return DroverProcess.run(folder, folder.resolve("routes"), environment, options);
    }
}
