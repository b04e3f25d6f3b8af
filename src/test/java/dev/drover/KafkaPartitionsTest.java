package dev.drover;

import static dev.drover.testing.KafkaTopic.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.KafkaTopic;
import dev.drover.testing.Receiver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitions that go from one process of a group to another. */
@Integration
class KafkaPartitionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // set before each test
    private Receiver receiver;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Receiver ofTheOther;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        ofTheOther = Receiver.start("id");
    }

    @AfterEach
    void stop() {
        receiver.close();
        ofTheOther.close();
    }

    @Test
    void shouldDeliverNothingTwiceWhenAnotherProcessJoinsTheGroupAndOneLeavesIt() {
        // Given
        KafkaTopic topic = KafkaTopic.of(4);
        Database source = Database.h2().orders(1, 3000);
        try (Drover reader = topic.reader(source);
                Drover first =
                        topic.forwarder(source, receiver).edit("beans.camel.yaml", "Flight: 10000", "Flight: 400");
                Drover second = topic.forwarder(source, receiver)) {
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
            topic.awaitSettled(4000);
        }
    }

    @Test
    void shouldGiveUpWhatItHasInFlightWhenAPartitionIsTakenThatDoesNotSettle() {
        // Given
        KafkaTopic topic = KafkaTopic.of(2);
        Database source = Database.h2().orders(1, 400);
        topic.fill(source);
        AtomicBoolean refusing = new AtomicBoolean(true);
        receiver.fails(Fault.refuseWhile(503, refusing::get));
        try (Drover first = topic.forwarder(source, receiver).edit("beans.camel.yaml", "drain: 10s", "drain: 100ms");
                Drover second = topic.forwarder(source, ofTheOther)) {
            first.start();
            awaitInFlight(first, 400);

            // When
            second.start();
            await().atMost(PATIENCE).until(() -> first.pipeline(GROUP).ledger().window() < 400);
            await().atMost(PATIENCE)
                    .until(() -> !ofTheOther.accepted().isEmpty()
                            && second.pipeline(GROUP).ledger().window() == 0);
            refusing.set(false);

            // Then
            topic.awaitSettled(400);
            assertThat(first.pipeline(GROUP).ledger().halted()).isEmpty();
            assertThat(first.pipeline(GROUP).tally().abandoned())
                    .isEqualTo(ofTheOther.accepted().size());
            assertThat(receiver.accepted())
                    .doesNotContainKeys(ofTheOther.accepted().keySet().toArray(String[]::new));
            assertThat(receiver.accepted().size() + ofTheOther.accepted().size())
                    .isEqualTo(400);
        }
    }

    @Test
    void shouldDeliverIncompleteBatchesWhenTheirPartitionsAreTaken() {
        // Given
        KafkaTopic topic = KafkaTopic.of(4);
        Database source = Database.h2().orders(1, 30);
        topic.fill(source);
        try (Drover first = topic.forwarder(source, receiver).edit("beans.camel.yaml", "maxAge: 1s", "maxAge: 1h");
                Drover second = topic.forwarder(source, ofTheOther)) {
            first.start();
            awaitInFlight(first, 30);

            // When
            second.start();
            topic.awaitMembers(2);
            first.stop();
            second.stop();

            // Then
            assertThat(receiver.accepted()).hasSize(30);
            assertThat(ofTheOther.requests()).isEmpty();
            assertThat(topic.committed()).isEqualTo(topic.ends());
        }
    }

    private static void awaitInFlight(Drover forwarder, int records) {
        await().atMost(PATIENCE).until(() -> forwarder.pipelines().stream()
                .anyMatch(pipeline -> pipeline.ledger().window() == records));
    }
}
