package dev.drover;

import static dev.drover.testing.KafkaTopic.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.KafkaTopic;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the console does to a forwarder. */
@Integration
class KafkaPauseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ManagementPort console = new ManagementPort();

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
    void shouldDeliverWhatIsInFlightAndPollNoMoreWhenItIsPaused() {
        // Given
        KafkaTopic topic = KafkaTopic.of(4);
        Database source = Database.h2().orders(1, 200);
        topic.fill(source);
        CountDownLatch accepts = new CountDownLatch(1);
        receiver.fails(Fault.slow(PATIENCE.toMillis(), accepts));
        try (Drover forwarder = console.of(topic.forwarder(source, receiver)).start()) {
            await().atMost(PATIENCE).until(() -> polled(forwarder) == 200);

            // When
            assertThat(console.post("/console/pause/" + GROUP).statusCode()).isEqualTo(200);
            accepts.countDown();

            // Then
            topic.awaitSettled(200);
            source.orders(201, 400);
            topic.fill(source);
            await().during(Duration.ofMillis(1500)).atMost(PATIENCE).until(() -> polled(forwarder) == 200);
            assertThat(console.get("/console/status").body()).contains("paused");
            assertThat(receiver.accepted()).hasSize(200);

            // When
            console.post("/console/resume/" + GROUP);

            // Then
            topic.awaitSettled(400);
            assertThat(receiver.accepted()).hasSize(400);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(console.get("/console/status").body())
                    .contains("running")
                    .doesNotContain("paused");
        }
    }

    @Test
    @Tag("full")
    void shouldSayWhatAForwarderWaitsForAndGoOnByItselfWhenThatHasEnded() {
        // Given
        KafkaTopic topic = KafkaTopic.of(2);
        Database store = Database.h2();
        receiver.fails(Fault.respond(503));
        try (Drover forwarder = console.of(topic.forwarder(store, receiver))
                .set("drover.health.stalledAfter", 1000)
                .start()) {
            // When
            topic.fill(Database.h2().orders(1, 100));

            // Then
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(console.get("/observe/health/ready").statusCode()).isEqualTo(503);
                assertThat(console.get("/observe/health/ready").body()).contains("status 503");
                assertThat(console.get("/console/status").body()).contains("status 503");
                assertThat(store.column("SELECT status_json FROM drover_status").toString())
                        .contains("status 503");
            });
            receiver.fails(Fault.none());
            topic.awaitSettled(100);
            forwarder.awaitSettled();
            await().atMost(PATIENCE)
                    .until(() -> console.get("/observe/health/ready").statusCode() == 200);
        }
    }

    private static long polled(Drover forwarder) {
        return forwarder.pipelines().stream()
                .mapToLong(pipeline -> pipeline.tally().rows())
                .sum();
    }

    @ParameterizedTest
    @CsvSource({"pause, PAUSED", "stop, STOPPED"})
    void shouldPollNothingOfAPartitionThatItIsGivenWhileItIsAtRest(String action, Pipeline.State rest) {
        // Given
        KafkaTopic topic = KafkaTopic.of(2);
        try (Receiver down = Receiver.start("id");
                Drover forwarder =
                        console.of(topic.forwarder(Database.h2(), receiver)).start();
                Drover other = topic.forwarder(Database.h2(), down)
                        .edit("beans.camel.yaml", "drain: 10s", "drain: 100ms")
                        .start()) {
            down.fails(Fault.respond(503));
            topic.awaitMembers(2);
            topic.fill(Database.h2().orders(1, 100));
            await().atMost(PATIENCE).until(() -> polled(forwarder) + polled(other) == 100);
            forwarder.awaitSettled();
            long before = polled(forwarder);

            // When
            console.post("/console/" + action + "/" + GROUP);
            await().atMost(PATIENCE).until(() -> forwarder.pipeline(GROUP).state() == rest);
            other.stop();
            topic.awaitMembers(1);

            // Then
            await().during(Duration.ofMillis(1500)).atMost(PATIENCE).until(() -> polled(forwarder) == before);
            assertThat(before).isLessThan(100);

            // When
            console.post("/console/resume/" + GROUP);

            // Then
            topic.awaitSettled(100);
            assertThat(receiver.accepted()).hasSize(100);
            assertThat(receiver.duplicates()).isEmpty();
        }
    }

    @Test
    void shouldDeliverWhatIsReadAgainWhenItsBatchWasIncompleteBefore() {
        // Given
        KafkaTopic topic = KafkaTopic.of(1);
        topic.publish(1, 30);
        try (Drover forwarder = console.of(topic.forwarder(Database.h2(), receiver))
                .edit("beans.camel.yaml", "maxAge: 1s", "maxAge: 1h")
                .start()) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 20);
            Pipeline pipeline = forwarder.pipeline(GROUP);

            // When
            console.post("/console/stop/" + GROUP);
            await().atMost(PATIENCE).until(() -> pipeline.state() == Pipeline.State.STOPPED);
            console.post("/console/resume/" + GROUP);
            await().atMost(PATIENCE).until(() -> pipeline.tally().abandoned() == 30);
            topic.publish(31, 40);

            // Then
            topic.awaitSettled(40);
            assertThat(receiver.accepted()).hasSize(40);
            assertThat(pipeline.ledger().halted()).isEmpty();
        }
    }
}
