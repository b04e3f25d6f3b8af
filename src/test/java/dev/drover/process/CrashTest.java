package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the process at random moments: nothing is lost, and no kill repeats more than the window. */
@Integration
class CrashTest {

    private static final int WINDOW = 2000;

    @TempDir
    Path folder;

    @Test
    void shouldLoseNothingWhenKilledAFewTimes() throws Exception {
        killRepeatedly(10_000, 3, 42);
    }

    @Test
    @Tag("full")
    void shouldLoseNothingWhenKilledThirtyTimes() throws Exception {
        killRepeatedly(300_000, 30, System.nanoTime());
    }

    private void killRepeatedly(int orders, int kills, long seed) throws Exception {
        // Given
        Random random = new Random(seed);
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofMillis(50));
                OrdersServer source = new OrdersServer(folder, orders)) {
            Map<String, String> environment = source.environment(receiver);
            environment.put("DROVER_ORDERS_PAGESIZE", "200");
            environment.put("DROVER_ORDERS_BATCHSIZE", "50");
            environment.put("DROVER_ORDERS_MAXINFLIGHT", Integer.toString(WINDOW));

            // When
            int killed = 0;
            while (killed < kills && receiver.distinct() < orders) {
                killWhileDelivering(environment, receiver, random.nextInt(600));
                killed++;
            }
            int exitCode = DroverProcess.run(folder, environment, "--drain").await();

            // Then
            System.out.printf(
                    "orders=%d kills=%d seed=%d accepted=%d duplicates=%d%n",
                    orders, killed, seed, receiver.distinct(), receiver.duplicates());
            assertThat(exitCode).isZero();
            assertThat(killed).isEqualTo(kills);
            assertThat(receiver.distinct()).isEqualTo(orders);
            assertThat(receiver.duplicates()).isLessThanOrEqualTo((long) killed * WINDOW);
        }
    }

    private void killWhileDelivering(Map<String, String> environment, CountingReceiver receiver, int millis)
            throws Exception {
        long before = receiver.records();
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> receiver.records() > before || !drover.isAlive());
            TimeUnit.MILLISECONDS.sleep(millis);
            drover.kill();
        }
    }
}
