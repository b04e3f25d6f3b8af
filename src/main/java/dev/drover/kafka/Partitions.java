package dev.drover.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.drover.delivery.Lane;
import dev.drover.ledger.Beginning;
import dev.drover.ledger.RecordOnPage;
import dev.drover.pages.PageStrategy;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.CaseInsensitiveMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Makes stock camel-kafka commit settled records only. A route that begins with {@code kafka:} names this bean as its
 * {@code kafkaClientFactory} and as its first step. The consumer group is the pipeline and gives it its name. The
 * committed offset is the checkpoint of each partition.
 *
 * <p>One instance serves any number of routes, including routes that publish. Thread-safe once it is set up.
 */
public final class Partitions extends DefaultKafkaClientFactory implements Beginning, Processor, CamelContextAware {

    /**
     * The exchange property with the headers of the record and the headers that Camel adds ({@code kafka.KEY},
     * {@code kafka.TOPIC} and others): {@code ${exchangeProperty.recordHeaders[tenant]}}.
     */
    public static final String HEADERS = "recordHeaders";

    private final Map<String, SettlingConsumer> consumers = new ConcurrentHashMap<>();
    private final Lane lanes = new Lane();
    private int maxInFlight = 10_000;
    private Duration drain = Duration.ofSeconds(10);
    private boolean tombstones;
    private @Nullable CamelContext context;

    /**
     * The window of each group in this process: how many records may be polled and not yet committed; 10,000 by default.
     * The partitions share the window, so that a blocked partition leaves room for the others. Each partition may always
     * have the records of one poll.
     */
    public void setMaxInFlight(int maxInFlight) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "maxInFlight: " + maxInFlight + " is not allowed, it must be at least 1");
        }
        this.maxInFlight = maxInFlight;
    }

    /**
     * How long the records in flight of a partition may take to settle when another process takes the partition; 10
     * seconds by default. The group waits for this time. The other process delivers the rest again.
     */
    public void setDrain(Duration drain) {
        if (drain.isNegative()) {
            throw new IllegalArgumentException("drain: " + drain + " is not allowed, it must be 0 or more");
        }
        this.drain = drain;
    }

    /**
     * The client of a route that reads a topic.
     *
     * @throws IllegalArgumentException if another route of this process has the same group
     */
    @Override
    public Consumer<Object, Object> getConsumer(Properties settings) {
        String group = settings.getProperty(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        SettlingConsumer previous = consumers.get(group);
        if (previous != null && !previous.isClosed()) {
            throw new IllegalArgumentException("groupId: '" + group + "' is used by another route, or consumersCount is"
                    + " more than 1; give each route its own group, and start more processes to scale");
        }
        String beginning = MissingOffsets.takeBeginning(settings);
        SettlingConsumer consumer =
                new SettlingConsumer(settings, beginning, new Group(running(), group, maxInFlight), drain);
        consumers.put(group, consumer);
        return consumer;
    }

    /** The client of a route that publishes. It gives up unsent messages a few seconds after the stop of the route. */
    @Override
    public Producer<Object, Object> getProducer(Properties settings) {
        return new ClosingProducer(settings);
    }

    /**
     * Whether the route receives records without a value, which mark deletions; false by default. If false, such a record
     * counts as filtered.
     */
    public void setTombstones(boolean tombstones) {
        this.tombstones = tombstones;
    }

    /**
     * Starts tracking the record of this exchange. Moves its headers to {@link #HEADERS}, because a publisher could control
     * the HTTP request with headers of the message.
     */
    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        RecordOnPage record = consumer(exchange).begin(partition(message), offset(message));
        exchange.setProperty(RecordOnPage.PROPERTY, record);
        exchange.setProperty(HEADERS, headers(message));
        message.removeHeaders("*");
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange ended) {
                record.ended(ended.getException() != null, PageStrategy.isHandled(ended));
            }
        });
        if (!tombstones && message.getBody() == null) {
            exchange.setRouteStop(true);
        }
    }

    /**
     * The lane of a record, for the correlation expression of the aggregate. Records of one key share a lane of their
     * partition and keep their order. {@code lane(*, 4)}
     *
     * @param lanes how many batches of one partition may be in flight, at least 1
     */
    public String lane(Exchange exchange, int lanes) {
        Map<?, ?> headers = exchange.getProperty(HEADERS, Map.of(), Map.class);
        TopicPartition partition = new TopicPartition(
                String.valueOf(headers.get(KafkaConstants.TOPIC)),
                Integer.parseInt(String.valueOf(headers.get(KafkaConstants.PARTITION))));
        return partition + "/" + this.lanes.of(headers.get(KafkaConstants.KEY), lanes);
    }

    private SettlingConsumer consumer(Exchange exchange) {
        if (!(exchange.getFromEndpoint() instanceof KafkaEndpoint topic)) {
            throw new IllegalStateException("#partitions must be the first step of a route that begins with kafka:");
        }
        SettlingConsumer consumer =
                consumers.get(String.valueOf(topic.getConfiguration().getGroupId()));
        if (consumer == null) {
            throw new IllegalStateException("the route from topic "
                    + topic.getConfiguration().getTopic() + " needs kafkaClientFactory: \"#partitions\" and a groupId");
        }
        return consumer;
    }

    private static Map<String, Object> headers(Message message) {
        Map<String, Object> headers = new CaseInsensitiveMap(message.getHeaders());
        headers.replaceAll((name, value) ->
                value instanceof byte[] bytes && !name.startsWith("kafka.") ? new String(bytes, UTF_8) : value);
        return headers;
    }

    private static TopicPartition partition(Message message) {
        return new TopicPartition(
                message.getHeader(KafkaConstants.TOPIC, String.class),
                message.getHeader(KafkaConstants.PARTITION, Integer.class));
    }

    private static long offset(Message message) {
        return message.getHeader(KafkaConstants.OFFSET, Long.class);
    }

    private CamelContext running() {
        if (context == null) {
            throw new IllegalStateException("#partitions is used outside a Camel context");
        }
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    /**
     * Closes within a few seconds, also while the broker is away. The stock producer waits as long as a delivery may take,
     * which is unlimited if the order of a key must be kept. The next process publishes what this one gives up, because the
     * checkpoint has not passed it.
     */
    private static final class ClosingProducer extends KafkaProducer<Object, Object> {

        private static final Duration PATIENCE = Duration.ofSeconds(5);

        ClosingProducer(Properties settings) {
            super(settings);
        }

        @Override
        public void close() {
            close(PATIENCE);
        }
    }
}
