package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.KafkaBroker;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Records of a topic that a service refuses, and services that share a topic. */
class KafkaFaultsTest {

    private static final int ORDERS = 500;
    private static final int BATCH = 20;

    private final KafkaBroker broker = KafkaBroker.shared();
    private final String topic = "orders-" + UUID.randomUUID();
    private final Database source = Database.h2().orders(1, ORDERS);

    @Test
    void shouldSetASingleRecordAsideWhenTheServiceRefusesIt() {
        // Given
        broker.createTopic(topic, 4);
        publish();
        try (Receiver receiver = Receiver.start("id");
                Drover forwarder = forwarder("billing", receiver).draining()) {
            receiver.fails(Fault.rejectRecords(422, 77));

            // When
            forwarder.run();

            // Then
            assertThat(receiver.accepted()).hasSize(ORDERS - 1).doesNotContainKey("77");
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(deadLetters()).isEqualTo(1);
            assertThat(broker.committed("billing-" + topic, topic)).isEqualTo(broker.ends(topic));
        }
    }

    @Test
    void shouldServeTheOtherServiceWhenOneIsDown() {
        // Given
        broker.createTopic(topic, 4);
        publish();
        AtomicBoolean down = new AtomicBoolean(true);
        try (Receiver billing = Receiver.start("id");
                Receiver shipping = Receiver.start("id");
                Drover bills = forwarder("billing", billing).edit("beans.camel.yaml", "maxAge: 1h", "maxAge: 1s");
                Drover ships = forwarder("shipping", shipping).draining()) {
            billing.fails(Fault.refuseWhile(503, down::get));
            bills.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !billing.requests().isEmpty());

            // When
            ships.run();
            Map<Integer, Long> whileDown = broker.committed("billing-" + topic, topic);
            down.set(false);
            bills.awaitSettled();
            bills.stop();

            // Then
            assertThat(whileDown).isEmpty();
            assertThat(shipping.accepted()).hasSize(ORDERS);
            assertThat(shipping.duplicates()).isEmpty();
            assertThat(billing.accepted()).hasSize(ORDERS);
            assertThat(billing.duplicates()).isEmpty();
            assertThat(broker.committed("billing-" + topic, topic)).isEqualTo(broker.ends(topic));
        }
    }

    @Test
    void shouldDeliverIncompleteBatchesWhenTheirPartitionsAreTaken() {
        // Given
        broker.createTopic(topic, 4);
        source.run("DELETE FROM orders WHERE id > 30");
        publish();
        try (Receiver receiver = Receiver.start("id");
                Receiver ofTheOther = Receiver.start("id");
                Drover first = forwarder("billing", receiver);
                Drover second = forwarder("billing", ofTheOther)) {
            first.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> first.pipelines().stream()
                    .anyMatch(pipeline -> pipeline.ledger().window() == 30));

            // When
            second.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> broker.group("billing-" + topic).members().stream()
                    .allMatch(member -> member.assignment().topicPartitions().size() == 2));
            first.stop();
            second.stop();

            // Then
            assertThat(receiver.accepted()).hasSize(30);
            assertThat(ofTheOther.requests()).isEmpty();
            assertThat(broker.committed("billing-" + topic, topic)).isEqualTo(broker.ends(topic));
        }
    }

    private void publish() {
        try (Drover reader = with("kafka-reader").draining()) {
            reader.run();
        }
    }

    private Drover forwarder(String group, Receiver receiver) {
        return with("kafka-forwarder")
                .edit("kafka-forwarder.camel.yaml", "groupId: forward-orders", "groupId: " + group + "-" + topic)
                .sendingTo(receiver);
    }

    private Drover with(String example) {
        return Drover.reading(source)
                .sizes(100, BATCH, 1000)
                .set("drover.kafka.brokers", broker.bootstrap())
                .set("drover.kafka.topic", topic)
                .file(RouteFile.of("routes/examples/" + example + ".camel.yaml"));
    }

    private int deadLetters() {
        return source.number("SELECT COUNT(*) FROM drover_dead_letter").intValue();
    }
}
