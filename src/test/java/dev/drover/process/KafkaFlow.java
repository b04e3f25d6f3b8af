package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.KafkaBroker;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A topic of its own, a reader that fills it and forwarders that empty it, each a process in a folder of its own. Groups
 * have names of their own too, so that one test's dead members do not delay the next.
 */
final class KafkaFlow implements AutoCloseable {

    /** A session as short as it may be here, so that a killed process is missed soon. */
    private static final String[] SHORT_SESSION = {
        "sessionTimeoutMs: 2500", "heartbeatIntervalMs: 500", "maxPollRecords: 50"
    };

    /** Between which the orders are divided, as in {@link OrdersServer}. */
    static final int CUSTOMERS = 50;

    /** How many records of a forwarder may be in flight. */
    static final int WINDOW = 1000;

    static final int PARTITIONS = 8;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final KafkaBroker broker;
    private final String topic = "orders-" + UUID.randomUUID();
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<DroverProcess> processes = new ArrayList<>();
    private boolean shipped;

    KafkaFlow(Path folder, KafkaBroker broker) {
        this.folder = folder;
        this.broker = broker;
        broker.createTopic(topic, PARTITIONS);
        set("DROVER_KAFKA_BROKERS", broker.bootstrap());
        set("DROVER_KAFKA_TOPIC", topic);
        set("DROVER_ORDERS_BATCHSIZE", "50");
    }

    /** A setting of all processes that are started from now on. */
    KafkaFlow set(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** From now on with the window and the session that the examples have. */
    KafkaFlow asShipped() {
        shipped = true;
        return set("JAVA_TOOL_OPTIONS", "-Xmx256m");
    }

    /** The name of the group that stands in the example, as it is in this flow. */
    String group() {
        return "forward-" + topic;
    }

    /** Publishes orders with these ids as the reader does, those of a customer in the order of their ids. */
    void produce(int from, int to, long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrap(), "linger.ms", 20, "max.in.flight.requests.per.connection", 1);
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int id = from; id <= to; id++) {
                String customer = "customer " + random.nextInt(CUSTOMERS);
                String order = "{\"id\":" + id + ",\"customer\":\"" + customer + "\",\"amount\":1.50}";
                sent.add(producer.send(new ProducerRecord<>(topic, customer, order)));
            }
            for (Future<?> one : sent) {
                assertThat(one.get()).isNotNull();
            }
        }
    }

    /** Starts a forwarder of the group. */
    DroverProcess forward(OrderReceiver receiver, String... options) throws IOException {
        return forward(group(), receiver, options);
    }

    /** Starts a forwarder of another group, which gets every record too. */
    DroverProcess forward(String group, OrderReceiver receiver, String... options) throws IOException {
        RouteFile example = example("kafka-forwarder");
        RouteFile route = shipped ? example : example.after("pollTimeoutMs: 1000", SHORT_SESSION);
        String ofGroup = route.text().replace("forward-orders", group);
        Map<String, String> withoutSource = Map.of("DROVER_ROLE", "forwarder");
        return run(
                newFolder("forwarder"), new RouteFile(route.name(), ofGroup), receiver.url(), withoutSource, options);
    }

    /** Starts the reader in this folder, that of its checkpoint. */
    DroverProcess read(Path home, OrdersServer source, String... options) throws IOException {
        return run(home, example("kafka-reader"), "none", source.environment("none"), options);
    }

    /** Starts a pipeline that delivers the rows itself, in order for each customer: without the topic. */
    DroverProcess deliver(OrdersServer source, OrderReceiver receiver) throws IOException {
        Map<String, String> rows = source.environment(receiver.url());
        return run(newFolder("direct"), example("ordered-orders"), receiver.url(), rows);
    }

    private static RouteFile example(String name) {
        return RouteFile.of("routes/examples/" + name + ".camel.yaml");
    }

    Path newFolder(String name) throws IOException {
        return Files.createTempDirectory(folder, name);
    }

    private DroverProcess run(Path home, RouteFile route, String receiver, Map<String, String> more, String... options)
            throws IOException {
        Path routes = Files.createDirectories(home.resolve("routes"));
        Files.writeString(routes.resolve(route.name()), route.text());
        if (!shipped) {
            String beans = "beans.camel.yaml";
            RouteFile small = RouteFile.of("routes/" + beans).replace("maxInFlight: 10000", "maxInFlight: " + WINDOW);
            Files.writeString(routes.resolve(beans), small.text());
        }
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        all.put("DROVER_ORDERS_URL", receiver);
        DroverProcess process = DroverProcess.run(home, routes, all, options);
        processes.add(process);
        return process;
    }

    /** How many records the topic has. */
    long published() {
        return sum(broker.ends(topic));
    }

    /** What a service would get that is given the records of each partition one after the other. */
    Arrivals inTopic() {
        Arrivals records = new Arrivals();
        long published = published();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrap(), "group.id", "all-" + topic, "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (records.records() < published) {
                for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofMillis(100))) {
                    JsonNode order = JSON.readTree(one.value());
                    records.arrived(
                            order.get("id").asInt(), order.get("customer").asText());
                }
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return records;
    }

    /** Waits until the group has committed every record; the offsets of no partition may go back meanwhile. */
    void awaitSettled() {
        Map<Integer, Long> before = new HashMap<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            Map<Integer, Long> now = committed();
            before.forEach((partition, offset) -> assertThat(now.get(partition))
                    .as("offset of partition %d", partition)
                    .isGreaterThanOrEqualTo(offset));
            before.putAll(now);
            return sum(now) == published();
        });
    }

    /** By partition, how far the group has committed. */
    Map<Integer, Long> committed() {
        return broker.committed(group(), topic);
    }

    /** How many processes share the topic; all of them have their partitions, and no exchange of those is under way. */
    int members() {
        ConsumerGroupDescription description = broker.group(group());
        boolean isAtRest = description.state() == ConsumerGroupState.STABLE
                || description.members().isEmpty();
        return isAtRest ? description.members().size() : -1;
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        processes.forEach(DroverProcess::close);
    }
}
