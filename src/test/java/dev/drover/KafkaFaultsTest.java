package dev.drover;

import static dev.drover.testing.KafkaTopic.FORWARDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.KafkaTopic;
import dev.drover.testing.Receiver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Records of a topic that a service refuses, and services that share a topic. */
@Integration
class KafkaFaultsTest {

    private static final int ORDERS = 500;

    private final KafkaTopic topic = KafkaTopic.of(4);
    private final Database source = Database.h2().orders(1, ORDERS);

    @Test
    void shouldSetASingleRecordAsideWhenTheServiceRefusesIt() {
        // Given
        topic.fill(source);
        try (Receiver receiver = Receiver.start("id");
                Drover forwarder = topic.forwarder(source, receiver).draining()) {
            receiver.fails(Fault.rejectRecords(422, 77));

            // When
            forwarder.run();

            // Then
            assertThat(receiver.accepted()).hasSize(ORDERS - 1).doesNotContainKey("77");
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter").intValue())
                    .isEqualTo(1);
            assertThat(topic.committed()).isEqualTo(topic.ends());
        }
    }

    @Test
    void shouldServeTheOtherServiceWhenOneIsDown() {
        // Given
        topic.fill(source);
        AtomicBoolean down = new AtomicBoolean(true);
        try (Receiver billing = Receiver.start("id");
                Receiver shipping = Receiver.start("id");
                Drover bills = topic.forwarder(source, billing);
                Drover ships = topic.forwarder(source, shipping)
                        .edit(FORWARDER, "groupId: forward-orders", "groupId: ship-orders")
                        .draining()) {
            billing.fails(Fault.refuseWhile(503, down::get));
            bills.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !billing.requests().isEmpty());

            // When
            ships.run();
            Map<Integer, Long> whileDown = topic.committed();
            down.set(false);
            bills.awaitSettled();
            bills.stop();

            // Then
            assertThat(whileDown).isEmpty();
            assertThat(shipping.accepted()).hasSize(ORDERS);
            assertThat(shipping.duplicates()).isEmpty();
            assertThat(billing.accepted()).hasSize(ORDERS);
            assertThat(billing.duplicates()).isEmpty();
            assertThat(topic.committed()).isEqualTo(topic.ends());
        }
    }
}
