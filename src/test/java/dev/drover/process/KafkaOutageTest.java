package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import dev.drover.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes away under load and comes back: nobody has to do anything. */
@Integration
class KafkaOutageTest {

    private static final int BATCH = 20;
    private static final int ORDERS = 3000;

    @TempDir
    Path folder;

    @Test
    void shouldGoOnByItselfWhenTheBrokerStopsAndCrashes() throws Exception {
        // Given
        try (KafkaBroker broker = KafkaBroker.own();
                KafkaFlow flow = new KafkaFlow(folder, broker).set("DROVER_ORDERS_BATCHSIZE", Integer.toString(BATCH));
                OrderReceiver receiver = new OrderReceiver(Duration.ofMillis(200));
                OrdersServer source = new OrdersServer(folder, ORDERS)) {
            Arrivals arrivals = receiver.arrivals();
            List<DroverProcess> processes = List.of(
                    flow.read(flow.newFolder("reader"), source), flow.forward(receiver), flow.forward(receiver));
            awaitArrivals(arrivals, 100);

            // When
            broker.stop();
            source.add(ORDERS + 1, 2 * ORDERS);
            broker.start();
            awaitArrivals(arrivals, arrivals.distinct() + 100);
            broker.kill();
            source.add(2 * ORDERS + 1, 3 * ORDERS);
            broker.start();
            int beforeTheEnd = arrivals.distinct();
            receiver.setLatency(Duration.ZERO);
            awaitArrivals(arrivals, 3 * ORDERS);
            flow.awaitSettled();

            // Then
            System.out.printf(
                    "published=%d duplicates=%d stepsBack=%d%n",
                    flow.published(), arrivals.duplicates(), arrivals.stepsBack());
            assertThat(beforeTheEnd).as("was away in the middle").isLessThan(2 * ORDERS);
            assertThat(processes).allMatch(DroverProcess::isAlive);
            assertThat(flow.published()).isEqualTo(3 * ORDERS);
            assertThat(arrivals.distinct()).isEqualTo(3 * ORDERS);
            assertThat(arrivals.overtaken()).isZero();
            assertThat(arrivals.duplicates()).isLessThanOrEqualTo(4 * KafkaFlow.WINDOW);
        }
    }

    private static void awaitArrivals(Arrivals arrivals, int orders) {
        await().atMost(Duration.ofMinutes(2)).until(() -> arrivals.distinct() >= orders);
    }
}
