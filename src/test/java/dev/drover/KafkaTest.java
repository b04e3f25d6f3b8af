package dev.drover;

import static dev.drover.testing.KafkaTopic.FORWARDER;
import static dev.drover.testing.KafkaTopic.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.KafkaTopic;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pair of routes with Kafka in between: from a table to a topic, and from the topic to a service. */
@Integration
class KafkaTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // set before each test
    private Receiver receiver;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void shouldDeliverEachRowOnceWhenATopicIsInBetween() {
        // Given
        KafkaTopic topic = KafkaTopic.of(4);
        Database source = Database.h2().orders(1, 1000);
        try (Drover forwarder = topic.forwarder(source, receiver).draining()) {

            // When
            topic.fill(source);
            forwarder.run();

            // Then
            assertThat(topic.published()).isEqualTo(1000);
            assertThat(receiver.accepted()).hasSize(1000);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(receiver.amount()).isEqualByComparingTo(source.number("SELECT SUM(amount) FROM orders"));
            assertThat(topic.committed()).isEqualTo(topic.ends());
        }
    }

    @Test
    void shouldSendNoHeaderOfARecordButThoseThatAStepNames() {
        // Given
        KafkaTopic topic = KafkaTopic.of(1);
        topic.publish(
                Map.of(
                        "Authorization", "Bearer of somebody",
                        "content-encoding", "gzip",
                        "Cookie", "session=1",
                        "X-Else", "else",
                        "CamelHttpPath", "/elsewhere",
                        "tenant", "acme"),
                "[{\"id\":1}]");
        String route = RouteFile.of("routes/examples/" + FORWARDER).text();
        String steps =
                """
                      steps:
                        - process:
                            ref: partitions
                        - setHeader:
                            name: X-Tenant
                            simple:
                              expression: "${exchangeProperty.recordHeaders[Tenant]}"
                        - to:
                            uri: "{{drover.orders.url}}"
                            parameters:
                              httpMethod: POST
                """;
        RouteFile each = new RouteFile(FORWARDER, route.substring(0, route.indexOf("      steps:")) + steps);
        try (Drover forwarder =
                topic.forwarder(Database.h2().orders(1, 1), receiver).file(each)) {

            // When
            forwarder.start();
            topic.awaitSettled(1);

            // Then
            Request request = receiver.requests().get(0);
            assertThat(request.header("x-tenant")).contains("acme");
            assertThat(request.headers().keySet())
                    .doesNotContain("authorization", "content-encoding", "cookie", "x-else", "tenant")
                    .noneMatch(name -> name.startsWith("kafka") || name.startsWith("camel"));
            assertThat(request.line()).doesNotContain("elsewhere");
        }
    }

    @Test
    void shouldCommitNothingOfAPartitionWhenItsFirstBatchIsNotAcceptedAndAllOfTheOthers() {
        // Given
        KafkaTopic topic = KafkaTopic.of(4);
        Database source = Database.h2().orders(1, 1000);
        topic.fill(source);
        AtomicBoolean refusing = new AtomicBoolean(true);
        receiver.fails(request -> refusing.get() && of(request, 1) ? unavailable() : Optional.empty());
        try (Drover forwarder = topic.forwarder(source, receiver)) {

            // When
            forwarder.start();
            await().atMost(PATIENCE).until(() -> topic.committed().size() == 3);
            await().atMost(PATIENCE).until(() -> topic.ends()
                    .entrySet()
                    .containsAll(topic.committed().entrySet()));

            // Then
            assertThat(forwarder.pipeline(GROUP).ledger().window()).isPositive();
            refusing.set(false);
            topic.awaitSettled(1000);
            assertThat(receiver.accepted()).hasSize(1000);
            assertThat(receiver.duplicates()).isEmpty();
        }
    }

    @Test
    void shouldPassTombstonesWhenTheyStandBetweenRecords() {
        // Given
        KafkaTopic topic = KafkaTopic.of(1);
        Database store = Database.h2();
        topic.publish(1, 10);
        topic.publish(new String[200]);
        topic.publish(11, 20);
        try (Drover forwarder = topic.forwarder(store, receiver).draining()) {

            // When
            forwarder.start();
            forwarder.awaitEnd();

            // Then
            assertThat(forwarder.pipeline(GROUP).tally().filtered()).isEqualTo(200);
            assertThat(store.column("SELECT id FROM drover_dead_letter")).isEmpty();
            assertThat(receiver.accepted()).hasSize(20);
            assertThat(topic.settled()).isEqualTo(220);
        }
    }

    @Test
    void shouldCommitWhatIsSettledAndStopWhenNoMoreRecordsMayBeSetAside() {
        // Given
        KafkaTopic topic = KafkaTopic.of(1);
        Database store = Database.h2();
        topic.publish(1, 100);
        String[] broken = new String[300];
        Arrays.fill(broken, "{");
        topic.publish(broken);
        try (Drover forwarder = topic.forwarder(store, receiver).set("drover.deadletters.limit", 10)) {

            // When
            forwarder.start();
            await().atMost(PATIENCE).until(() -> forwarder.pipelines().stream()
                    .anyMatch(pipeline -> pipeline.ledger().faults().alarm().isPresent()));

            // Then
            await().atMost(PATIENCE).until(() -> topic.settled() >= 100);
            forwarder.stop();
            assertThat(topic.settled())
                    .isEqualTo(100
                            + store.column("SELECT id FROM drover_dead_letter").size());
        }
    }

    private static Optional<Answer> unavailable() {
        return Optional.of(new Answer(503, Map.of(), ""));
    }

    private static boolean of(Request request, int id) {
        return request.records().stream().anyMatch(record -> record.path("id").asInt() == id);
    }

    @Test
    void shouldDeliverNothingTwiceWhenItsRouteIsChangedWhileItRuns() {
        // Given
        KafkaTopic topic = KafkaTopic.of(2);
        Database source = Database.h2().orders(1, 2000);
        try (Drover reader = topic.reader(source);
                Drover forwarder = topic.forwarder(source, receiver)
                        .edit("beans.camel.yaml", "Flight: 10000", "Flight: 400")
                        .watching(PATIENCE)) {
            receiver.fails(Fault.slow(30, new CountDownLatch(1)));
            reader.start();
            forwarder.start();
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() > 200);

            Pipeline before = forwarder.pipeline(GROUP);

            // When
            forwarder.rewrite(FORWARDER, "name: Idempotency-Key", "name: X-Other-Key");

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
    void shouldSetARecordAsideWhenItsValueCanNotBeRead() {
        // Given
        KafkaTopic topic = KafkaTopic.of(1);
        Database store = Database.h2();
        topic.publish("{\"id\":1}", "no JSON", "{\"id\":2}");
        try (Drover forwarder = topic.forwarder(store, receiver).draining()) {

            // When
            forwarder.run();

            // Then
            assertThat(receiver.accepted()).containsOnlyKeys("1", "2");
            assertThat(store.column("SELECT record_key FROM drover_dead_letter"))
                    .containsExactly("topic=" + topic.name() + ", partition=0, offset=1");
            assertThat(topic.settled()).isEqualTo(3);
        }
    }

    @Test
    void shouldSetARecordAsideWhenTheBrokerTakesNoneOfItsSize() {
        // Given
        KafkaTopic topic = KafkaTopic.of(2);
        Database source = Database.h2().orders(1, 100);
        source.run(
                "ALTER TABLE orders ALTER COLUMN product VARCHAR(3000000)",
                "UPDATE orders SET product = REPEAT('x', 2000000) WHERE id = 50");

        // When
        topic.fill(source);

        // Then
        assertThat(topic.published()).isEqualTo(99);
        assertThat(source.column("SELECT record_key FROM drover_dead_letter")).containsExactly("id=50");
    }

    @Test
    void shouldHaltWhenRecordsOfSeveralPartitionsComeToOneBatch() {
        // Given
        KafkaTopic topic = KafkaTopic.of(4);
        Database source = Database.h2().orders(1, 200);
        topic.fill(source);
        try (Drover forwarder = topic.forwarder(source, receiver)
                .edit(
                        FORWARDER,
                        "ref: partitions\n                method: \"lane(*, 4)\"",
                        "ref: lane\n                method: \"of('all', 1)\"")) {

            // When
            forwarder.start();
            forwarder.awaitEnd();

            // Then
            assertThat(forwarder.pipeline(GROUP).ledger().halted())
                    .hasValueSatisfying(why -> assertThat(why).contains("records of several partitions"));
        }
    }
}
