package dev.drover.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** A topic of its own on the broker of all tests, and the examples that fill and empty it, in the test's JVM. */
public final class KafkaTopic {

    /** The group of the example that empties it, which is the name of its pipeline too. */
    public static final String GROUP = "forward-orders";

    /** The file of that example. */
    public static final String FORWARDER = "kafka-forwarder.camel.yaml";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaBroker broker = KafkaBroker.shared();
    private final String name = "orders-" + UUID.randomUUID();

    private KafkaTopic() {}

    /** An empty one. */
    public static KafkaTopic of(int partitions) {
        KafkaTopic topic = new KafkaTopic();
        topic.broker.createTopic(topic.name, partitions);
        return topic;
    }

    public String name() {
        return name;
    }

    /** Where the broker listens on this machine. */
    public int brokerPort() {
        return Integer.parseInt(broker.bootstrap().replaceFirst(".*:", ""));
    }

    /** Publishes the orders of this database. */
    public Drover reader(Database source) {
        return with("kafka-reader.camel.yaml", source);
    }

    /** Publishes the orders that this database has now, and returns when all of them are there. */
    public void fill(Database source) {
        try (Drover reader = reader(source).draining()) {
            reader.run();
        }
    }

    /** Publishes orders without a key, one after the other. */
    public void publish(int from, int to) {
        publish(IntStream.rangeClosed(from, to)
                .mapToObj(id -> "{\"id\":" + id + "}")
                .toArray(String[]::new));
    }

    /** Publishes values without a key, one after the other. */
    public void publish(String... values) {
        broker.publish(name, values);
    }

    /** The same, each with these headers. */
    public void publish(Map<String, String> headers, String... values) {
        broker.publish(name, headers, values);
    }

    /** Deletes the records of the first partition before this offset, as the retention of a topic does. */
    public void deleteBefore(long offset) {
        broker.deleteBefore(name, 0, offset);
    }

    /** Sets the committed offset of the first partition, as an operator does. */
    public void commit(long offset) {
        broker.commit(GROUP, name, 0, offset);
    }

    /** Creates it again with as many partitions, without its records. */
    public void createAgain(int partitions) {
        broker.deleteTopic(name);
        broker.createTopic(name, partitions);
    }

    /**
     * Delivers its records, in batches that are closed when they are a second old. One poll returns at most 100 records, and
     * a member learns within a moment that another one joins.
     */
    public Drover forwarder(Database store, Receiver receiver) {
        return with(FORWARDER, store)
                .sendingTo(receiver)
                .edit("beans.camel.yaml", "maxAge: 1h", "maxAge: 1s")
                .edit(
                        FORWARDER,
                        "pollTimeoutMs: 1000",
                        "pollTimeoutMs: 1000\n        maxPollRecords: 100\n        heartbeatIntervalMs: 200");
    }

    private Drover with(String example, Database database) {
        return Drover.reading(database)
                .sizes(100, 20, 1000)
                .set("drover.kafka.brokers", broker.bootstrap())
                .set("drover.kafka.topic", name)
                .file(RouteFile.of("routes/examples/" + example));
    }

    /** By partition, how far the group has committed; one without a commit is left out. */
    public Map<Integer, Long> committed() {
        return broker.committed(GROUP, name);
    }

    /** By partition, how many records there are. */
    public Map<Integer, Long> ends() {
        return broker.ends(name);
    }

    /** How many records the group has committed. */
    public long settled() {
        return sum(committed());
    }

    /** How many records there are. */
    public long published() {
        return sum(ends());
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Waits until the group has committed this many records. */
    public void awaitSettled(long records) {
        await().atMost(PATIENCE).until(this::settled, settled -> settled == records);
    }

    /** Waits until the partitions are shared by so many processes. */
    public void awaitMembers(int members) {
        await().atMost(PATIENCE)
                .until(() -> broker.group(GROUP).members().stream()
                                .filter(member ->
                                        !member.assignment().topicPartitions().isEmpty())
                                .count()
                        == members);
    }
}
