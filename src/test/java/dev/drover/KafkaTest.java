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
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The pair of routes with Kafka in between: from a table to a topic, and from the topic to a service. */
class KafkaTest {

    private static final String GROUP = "forward-orders";

    private final KafkaBroker broker = KafkaBroker.shared();
    private final String topic = "orders-" + UUID.randomUUID();

    @Test
    void shouldDeliverEachRowOnceWhenATopicIsInBetween() {
        // Given
        broker.createTopic(topic, 4);
        Database source = Database.h2().orders(1, 1000);
        try (Receiver receiver = Receiver.start("id");
                Drover reader = reader(source).draining();
                Drover forwarder = forwarder(source, receiver).draining()) {

            // When
            reader.run();
            forwarder.run();

            // Then
            assertThat(broker.ends(topic).values().stream().mapToLong(end -> end))
                    .satisfies(ends -> assertThat(ends.stream().mapToLong(Long::longValue).sum()).isEqualTo(1000));
            assertThat(receiver.accepted()).hasSize(1000);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(receiver.amount()).isEqualByComparingTo(source.number("SELECT SUM(amount) FROM orders"));
            assertThat(broker.committed(GROUP, topic)).isEqualTo(broker.ends(topic));
        }
    }

    private Drover reader(Database source) {
        return Drover.reading(source)
                .sizes(100, 20, 1000)
                .set("drover.kafka.brokers", broker.bootstrap())
                .set("drover.kafka.topic", topic)
                .file(RouteFile.of("routes/examples/kafka-reader.camel.yaml"));
    }

    private Drover forwarder(Database store, Receiver receiver) {
        return Drover.reading(store)
                .sendingTo(receiver)
                .sizes(100, 20, 1000)
                .set("drover.kafka.brokers", broker.bootstrap())
                .set("drover.kafka.topic", topic)
                .file(RouteFile.of("routes/examples/kafka-forwarder.camel.yaml"));
    }
}
