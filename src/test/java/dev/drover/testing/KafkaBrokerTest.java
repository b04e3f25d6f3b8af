package dev.drover.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Integration
class KafkaBrokerTest {

    private static final String TOPIC = "orders";
    private static final String GROUP = "billing";

    @Test
    @Tag("full")
    void shouldKeepRecordsAndOffsetsWhenStoppedAndKilled() throws Exception {
        // Given
        try (KafkaBroker broker = KafkaBroker.own()) {
            String bootstrap = broker.bootstrap();
            broker.createTopic(TOPIC, 2);
            send(broker, 1, 0, "first");
            read(broker, 1);

            // When
            broker.restart();
            send(broker, 1, 1, "second");
            broker.kill();
            broker.start();
            send(broker, 0, 2, "third");

            // Then
            assertThat(broker.bootstrap()).isEqualTo(bootstrap);
            assertThat(broker.ends(TOPIC)).isEqualTo(Map.of(0, 1L, 1, 2L));
            assertThat(broker.committed(GROUP, TOPIC)).containsEntry(1, 1L);
            assertThat(read(broker, 2)).containsExactlyInAnyOrder("second", "third");
            assertThat(broker.group(GROUP).members()).isEmpty();
        }
    }

    private static void send(KafkaBroker broker, int partition, int key, String text) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            long offset = producer.send(new ProducerRecord<>(TOPIC, partition, Integer.toString(key), text))
                    .get()
                    .offset();
            assertThat(offset).isNotNegative();
        }
    }

    private static List<String> read(KafkaBroker broker, int records) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "group.id", GROUP, "auto.offset.reset", "earliest");
        List<String> texts = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            while (texts.size() < records) {
                consumer.poll(Duration.ofMillis(100)).forEach(it -> texts.add(it.value()));
            }
            consumer.commitSync();
        }
        return texts;
    }
}
