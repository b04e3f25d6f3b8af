package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.KafkaBroker;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.camel.SuspendableService;
import org.junit.jupiter.api.Test;

/** The pair of routes with Kafka in between: from a table to a topic, and from the topic to a service. */
class KafkaTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
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
            assertThat(sum(broker.ends(topic))).isEqualTo(1000);
            assertThat(receiver.accepted()).hasSize(1000);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(receiver.amount()).isEqualByComparingTo(source.number("SELECT SUM(amount) FROM orders"));
            assertThat(broker.committed(GROUP, topic)).isEqualTo(broker.ends(topic));
        }
    }

    @Test
    void shouldCommitNothingOfAPartitionWhenItsFirstBatchIsNotAcceptedAndAllOfTheOthers() {
        // Given
        broker.createTopic(topic, 4);
        Database source = Database.h2().orders(1, 1000);
        AtomicBoolean refusing = new AtomicBoolean(true);
        try (Receiver receiver = Receiver.start("id");
                Drover reader = reader(source).draining();
                Drover forwarder = forwarder(source, receiver)) {
            reader.run();
            receiver.fails(request -> refusing.get() && of(request, 1) ? unavailable() : Optional.empty());

            // When
            forwarder.start();
            await().atMost(PATIENCE).until(() -> broker.committed(GROUP, topic).size() == 3);
            await().atMost(PATIENCE).until(() -> sum(broker.committed(GROUP, topic)) == sumOfOthers());

            // Then
            assertThat(forwarder.pipeline(GROUP).ledger().window()).isPositive();
            refusing.set(false);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(broker.committed(GROUP, topic))
                    .isEqualTo(broker.ends(topic)));
            assertThat(receiver.accepted()).hasSize(1000);
            assertThat(receiver.duplicates()).isEmpty();
        }
    }

    @Test
    void shouldDeliverNothingTwiceWhenAnotherProcessJoinsTheGroupAndOneLeavesIt() {
        // Given
        broker.createTopic(topic, 4);
        Database source = Database.h2().orders(1, 3000);
        try (Receiver receiver = Receiver.start("id");
                Drover reader = reader(source);
                Drover first = forwarder(source, receiver).edit("beans.camel.yaml", "Flight: 10000", "Flight: 400");
                Drover second = forwarder(source, receiver)) {
            receiver.fails(Fault.slow(100, new CountDownLatch(1)));
            first.start();
            reader.start();
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() > 300);

            // When
            second.start();
            await().atMost(PATIENCE).until(() -> second.pipelines().stream()
                    .anyMatch(pipeline -> pipeline.tally().rows() > 100));
            first.stop();
            source.orders(3001, 4000);

            // Then
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 4000);
            assertThat(receiver.duplicates()).isEmpty();
            await().atMost(PATIENCE).until(() -> sum(broker.committed(GROUP, topic)) == 4000);
        }
    }

    @Test
    void shouldGiveUpWhatItHasInFlightWhenAPartitionIsTakenThatDoesNotSettle() {
        // Given
        broker.createTopic(topic, 2);
        Database source = Database.h2().orders(1, 400);
        AtomicBoolean refusing = new AtomicBoolean(true);
        try (Receiver broken = Receiver.start("id");
                Receiver well = Receiver.start("id");
                Drover reader = reader(source).draining();
                Drover first = forwarder(source, broken).edit("beans.camel.yaml", "drain: 10s", "drain: 100ms");
                Drover second = forwarder(source, well)) {
            broken.fails(Fault.refuseWhile(503, refusing::get));
            reader.run();
            first.start();
            await().atMost(PATIENCE).until(() -> first.pipelines().stream()
                    .anyMatch(pipeline -> pipeline.ledger().window() == 400));

            // When
            second.start();
            await().atMost(PATIENCE).until(() -> first.pipeline(GROUP).ledger().window() < 400);
            await().atMost(PATIENCE)
                    .until(() -> !well.accepted().isEmpty()
                            && second.pipeline(GROUP).ledger().window() == 0);
            refusing.set(false);

            // Then
            await().atMost(PATIENCE).until(() -> sum(broker.committed(GROUP, topic)) == 400);
            assertThat(first.pipeline(GROUP).ledger().halted()).isEmpty();
            assertThat(first.pipeline(GROUP).tally().abandoned())
                    .isEqualTo(well.accepted().size());
            assertThat(broken.accepted())
                    .doesNotContainKeys(well.accepted().keySet().toArray(String[]::new));
            assertThat(broken.accepted().size() + well.accepted().size()).isEqualTo(400);
        }
    }

    @Test
    void shouldDeliverNothingTwiceWhenItsRouteIsChangedWhileItRuns() {
        // Given
        broker.createTopic(topic, 2);
        Database source = Database.h2().orders(1, 2000);
        try (Receiver receiver = Receiver.start("id");
                Drover reader = reader(source);
                Drover forwarder = forwarder(source, receiver)
                        .edit("beans.camel.yaml", "Flight: 10000", "Flight: 400")
                        .watching(PATIENCE)) {
            receiver.fails(Fault.slow(30, new CountDownLatch(1)));
            reader.start();
            forwarder.start();
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() > 200);

            Pipeline before = forwarder.pipeline(GROUP);

            // When
            forwarder.rewrite("kafka-forwarder.camel.yaml", "name: Idempotency-Key", "name: X-Other-Key");

            await().atMost(PATIENCE)
                    .until(() -> forwarder.pipelines().stream().noneMatch(before::equals)
                            && !forwarder.pipelines().isEmpty());
            source.orders(2001, 2200);

            // Then
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 2200);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(receiver.requests())
                    .anyMatch(request -> request.headers().containsKey("x-other-key"))
                    .anyMatch(request -> request.headers().containsKey("idempotency-key"));
        }
    }

    @Test
    void shouldDeliverWhatIsReadAgainWhenItsBatchWasIncompleteBefore() {
        // Given
        broker.createTopic(topic, 1);
        try (Receiver receiver = Receiver.start("id");
                Drover forwarder =
                        forwarder(Database.h2(), receiver).edit("beans.camel.yaml", "maxAge: 1s", "maxAge: 1h")) {
            publish(1, 30);
            forwarder.start();
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 20);

            // When
            SuspendableService reading =
                    (SuspendableService) forwarder.context().getRoute(GROUP).getConsumer();
            reading.suspend();
            await().atMost(PATIENCE).until(() -> forwarder.pipeline(GROUP).state() == Pipeline.State.STOPPED);
            reading.resume();
            await().atMost(PATIENCE)
                    .until(() -> forwarder.pipeline(GROUP).tally().abandoned() == 30);
            publish(31, 40);

            // Then
            await().atMost(PATIENCE).until(() -> Map.of(0, 40L).equals(broker.committed(GROUP, topic)));
            assertThat(receiver.accepted()).hasSize(40);
            assertThat(forwarder.pipeline(GROUP).ledger().halted()).isEmpty();
        }
    }

    private void publish(int from, int to) {
        broker.publish(
                topic,
                IntStream.rangeClosed(from, to)
                        .mapToObj(id -> "{\"id\":" + id + "}")
                        .toArray(String[]::new));
    }

    @Test
    void shouldSetARecordAsideWhenItsValueCanNotBeRead() {
        // Given
        broker.createTopic(topic, 1);
        Database store = Database.h2();
        broker.publish(topic, "{\"id\":1}", "no JSON", "{\"id\":2}");
        try (Receiver receiver = Receiver.start("id");
                Drover forwarder = forwarder(store, receiver).draining()) {

            // When
            forwarder.run();

            // Then
            assertThat(receiver.accepted()).containsOnlyKeys("1", "2");
            assertThat(store.column("SELECT record_key FROM drover_dead_letter"))
                    .containsExactly("topic=" + topic + ", partition=0, offset=1");
            assertThat(broker.committed(GROUP, topic)).isEqualTo(Map.of(0, 3L));
        }
    }

    @Test
    void shouldSetARecordAsideWhenTheBrokerTakesNoneOfItsSize() {
        // Given
        broker.createTopic(topic, 2);
        Database source = Database.h2().orders(1, 100);
        source.run(
                "ALTER TABLE orders ALTER COLUMN product VARCHAR(3000000)",
                "UPDATE orders SET product = REPEAT('x', 2000000) WHERE id = 50");
        try (Drover reader = reader(source).draining()) {

            // When
            reader.run();

            // Then
            assertThat(sum(broker.ends(topic))).isEqualTo(99);
            assertThat(source.column("SELECT record_key FROM drover_dead_letter"))
                    .containsExactly("id=50");
        }
    }

    @Test
    void shouldHaltWhenRecordsOfSeveralPartitionsComeToOneBatch() {
        // Given
        broker.createTopic(topic, 4);
        Database source = Database.h2().orders(1, 200);
        try (Receiver receiver = Receiver.start("id");
                Drover reader = reader(source).draining();
                Drover forwarder = forwarder(source, receiver)
                        .edit(
                                "kafka-forwarder.camel.yaml",
                                "ref: partitions\n                method: \"lane(*, 4)\"",
                                "ref: lane\n                method: \"of('all', 1)\"")) {
            reader.run();

            // When
            forwarder.start();
            forwarder.awaitEnd();

            // Then
            assertThat(forwarder.pipeline(GROUP).ledger().halted())
                    .hasValueSatisfying(why -> assertThat(why).contains("records of several partitions"));
        }
    }

    private static Optional<Answer> unavailable() {
        return Optional.of(new Answer(503, Map.of(), ""));
    }

    private static boolean of(Request request, int id) {
        return request.records().stream().anyMatch(record -> record.path("id").asInt() == id);
    }

    /** The ends of all partitions but the one without a commit. */
    private long sumOfOthers() {
        Map<Integer, Long> ends = new TreeMap<>(broker.ends(topic));
        ends.keySet().retainAll(broker.committed(GROUP, topic).keySet());
        return sum(ends);
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
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
                .edit("beans.camel.yaml", "maxAge: 1h", "maxAge: 1s")
                // so that a member learns within a moment that another one joins
                .file(RouteFile.of("routes/examples/kafka-forwarder.camel.yaml")
                        .replace(
                                "pollTimeoutMs: 1000",
                                "pollTimeoutMs: 1000\n        maxPollRecords: 100\n        heartbeatIntervalMs: 200"));
    }
}
