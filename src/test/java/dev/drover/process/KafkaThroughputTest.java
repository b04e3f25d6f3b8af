package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import dev.drover.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many records a second one, two and four forwarders deliver: printed, since it is the machine's and not asserted. */
@Tag("full")
@Integration
class KafkaThroughputTest {

    private static final int ORDERS = 300_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    @Test
    void shouldDeliverEachRowOnceInOrderWithoutATopic() throws Exception {
        // Given
        try (KafkaFlow flow = new KafkaFlow(folder, KafkaBroker.shared()).asShipped();
                OrderReceiver receiver = new OrderReceiver(Duration.ofMillis(20));
                OrdersServer source = new OrdersServer(folder, ORDERS)) {

            // When
            flow.deliver(source, receiver);
            await().atMost(PATIENCE).until(() -> receiver.arrivals().distinct() == ORDERS);

            // Then
            print("no topic", receiver.arrivals());
            assertThat(receiver.arrivals().overtaken()).isZero();
            assertThat(receiver.arrivals().duplicates()).isZero();
        }
    }

    private static void print(String how, Arrivals arrivals) {
        System.out.printf("%s: perSecond=%.0f duplicates=%d%n", how, arrivals.perSecond(), arrivals.duplicates());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldForwardEachRowOnceInOrder(int forwarders) throws Exception {
        // Given
        try (KafkaFlow flow = new KafkaFlow(folder, KafkaBroker.shared());
                OrderReceiver receiver = new OrderReceiver(Duration.ofMillis(20));
                OrdersServer source = new OrdersServer(folder, ORDERS)) {
            flow.asShipped().set("DROVER_ORDERS_BATCHSIZE", "20");
            for (int started = 0; started < forwarders; started++) {
                flow.forward(receiver);
            }
            await().atMost(PATIENCE).until(() -> flow.members() == forwarders);
            flow.set("DROVER_ORDERS_BATCHSIZE", "500");

            // When
            int read = flow.read(flow.newFolder("reader"), source, "--drain").await();
            await().atMost(PATIENCE).until(() -> receiver.arrivals().distinct() == ORDERS);
            flow.awaitSettled();

            // Then
            Arrivals arrivals = receiver.arrivals();
            print(forwarders + " forwarders", arrivals);
            assertThat(read).isZero();
            assertThat(arrivals.overtaken()).isZero();
            assertThat(arrivals.duplicates()).isZero();
        }
    }
}
