package dev.drover.plan;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import org.apache.camel.Endpoint;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Takes the place of the brokers in a plan: accepts each message, publishes none, counts them. Thread-safe. */
final class PlannedTopics extends DefaultKafkaClientFactory implements EndpointStrategy {

    private final Map<String, Long> messages = new ConcurrentSkipListMap<>();

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        if (endpoint instanceof KafkaEndpoint topic) {
            topic.setKafkaClientFactory(this);
        }
        return endpoint;
    }

    @Override
    public Producer<Object, Object> getProducer(Properties settings) {
        return new Unpublished();
    }

    /** One line for each topic to which messages would be published. */
    List<String> summary() {
        return messages.entrySet().stream()
                .map(topic -> "topic " + topic.getKey() + ": " + topic.getValue() + " messages, none was published")
                .toList();
    }

    /** Kafka's producer for tests, which has no broker and does not serialize messages. */
    private final class Unpublished extends MockProducer<Object, Object> {

        Unpublished() {
            super(true, (topic, key) -> new byte[0], (topic, value) -> new byte[0]);
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<Object, Object> message, Callback callback) {
            messages.merge(message.topic(), 1L, Long::sum);
            return super.send(message, callback);
        }
    }
}
