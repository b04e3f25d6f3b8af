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
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Lets stock camel-kafka commit only settled records. A route that begins with {@code kafka:} names it as its
 * {@code kafkaClientFactory} and as its first step, before which no record is known. The consumer group is the pipeline
 * and gives it its name; the committed offset says how far each partition is settled.
 *
 * <p>One instance serves any number of routes, also routes that publish. Thread-safe once it is set up.
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
     * The window of each group in this process: how many records may be polled and not yet passed by the offsets;
     * 10,000 by default. Its partitions share it, so that a partition whose records are not accepted leaves room for
     * the others; but each may have the records of one poll.
     */
    public void setMaxInFlight(int maxInFlight) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "maxInFlight: " + maxInFlight + " is not allowed, it must be at least 1");
        }
        this.maxInFlight = maxInFlight;
    }

    public int getMaxInFlight() {
        return maxInFlight;
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

    public Duration getDrain() {
        return drain;
    }

    /**
     * The client of a route that forwards.
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
                    + " more than 1; each route needs a group of its own, and more of it are more processes");
        }
        SettlingConsumer consumer = new SettlingConsumer(settings, new Group(running(), group, maxInFlight), drain);
        consumers.put(group, consumer);
        return consumer;
    }

    /** The client of a route that publishes; some seconds after the stop of the route it gives up unsent messages. */
    @Override
    public Producer<Object, Object> getProducer(Properties settings) {
        return new EndingProducer(settings);
    }

    /**
     * Whether the route gets records without a value, which stand for a deletion; false by default. Then such a record
     * ends here and counts as filtered, and its offset is passed.
     */
    public void setTombstones(boolean tombstones) {
        this.tombstones = tombstones;
    }

    public boolean isTombstones() {
        return tombstones;
    }

    /**
     * Starts tracking the record of this exchange. Takes its headers off the message, because a publisher could control
     * the HTTP request with them. A step finds them in {@link #HEADERS}.
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
     * The lane of a record, for the correlation expression of the aggregate: its partition, in which records of one key keep
     * their order if they share a lane. {@code lane(*, 4)}
     *
     * @param lanes how many batches of one partition may be under way at the same time, at least 1
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
            throw new IllegalStateException(
                    "#partitions begins the way of a record of a topic: the route must come from kafka");
        }
        SettlingConsumer consumer =
                consumers.get(String.valueOf(topic.getConfiguration().getGroupId()));
        if (consumer == null) {
            throw new IllegalStateException("the route that comes from "
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
}
