package dev.drover;

import static dev.drover.testing.KafkaTopic.FORWARDER;
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
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitions whose next record is not there: it was deleted, or the group has no offset yet. */
@Integration
class KafkaOffsetsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaTopic topic = KafkaTopic.of(1);

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
    void shouldHaltWhenTheTopicHasDeletedRecordsThatWereNotRead() {
        // Given
        topic.publish(1, 10);
        forward(10);
        topic.publish(11, 30);
        topic.deleteBefore(15);
        try (Drover forwarder = topic.forwarder(Database.h2(), receiver)) {

            // When
            forwarder.start();

            // Then
            assertThat(halted(forwarder))
                    .contains("the records of " + topic.name()
                            + "-0 from offset 10 to 14 were deleted before they were read");
            assertThat(topic.committed()).isEqualTo(Map.of(0, 10L));
            assertThat(receiver.accepted()).hasSize(10);
        }
    }

    @Test
    void shouldHaltWhenTheTopicDeletesRecordsWhileTheServiceIsSlow() {
        // Given
        CountDownLatch answers = new CountDownLatch(1);
        receiver.fails(Fault.slow(PATIENCE.toMillis(), answers));
        topic.publish(1, 500);
        try (Drover forwarder = topic.forwarder(Database.h2(), receiver)
                .edit("beans.camel.yaml", "maxInFlight: 10000", "maxInFlight: 100")
                .edit(FORWARDER, "maxPollRecords: 100", "maxPollRecords: 20\n        maxPartitionFetchBytes: 1000")) {
            forwarder.start();
            await().atMost(PATIENCE).until(() -> forwarder.pipelines().stream()
                    .anyMatch(pipeline -> pipeline.ledger().window() > 80));

            // When
            topic.deleteBefore(400);
            answers.countDown();

            // Then
            assertThat(halted(forwarder))
                    .contains(topic.name() + "-0 from offset ", " to 399 were deleted before they were read");
        }
    }

    @Test
    void shouldHaltWhenItsOffsetIsBehindTheEndOfTheTopic() {
        // Given
        topic.publish(1, 5);
        topic.commit(30);
        try (Drover forwarder = topic.forwarder(Database.h2(), receiver)) {

            // When
            forwarder.start();

            // Then
            assertThat(halted(forwarder))
                    .contains(topic.name() + "-0 ends at offset 5, before the offset 30 to be read");
            assertThat(receiver.accepted()).isEmpty();
        }
    }

    @Test
    void shouldReadATopicFromItsFirstRecordWhenItIsCreatedAgain() {
        // Given
        topic.publish(1, 30);
        try (Drover forwarder = topic.forwarder(Database.h2(), receiver)) {
            forwarder.start();
            topic.awaitSettled(30);

            // When
            topic.createAgain(1);
            topic.publish(31, 35);

            // Then
            topic.awaitSettled(5);
            assertThat(receiver.accepted()).hasSize(35);
        }
    }

    @Test
    void shouldSkipNothingAfterItsStartWhenANewGroupBeginsAtTheEnd() {
        // Given
        topic.publish(1, 10);
        try (Drover forwarder = fromTheEnd()) {
            forwarder.start();
            await().atMost(PATIENCE).until(() -> topic.committed().equals(Map.of(0, 10L)));
        }
        topic.publish(11, 20);
        try (Drover forwarder = fromTheEnd()) {

            // When
            forwarder.start();

            // Then
            topic.awaitSettled(20);
            assertThat(receiver.accepted()).hasSize(10).containsKeys("11", "20");
        }
    }

    private Drover fromTheEnd() {
        return topic.forwarder(Database.h2(), receiver)
                .edit(FORWARDER, "autoOffsetReset: earliest", "autoOffsetReset: latest");
    }

    private void forward(int records) {
        try (Drover forwarder = topic.forwarder(Database.h2(), receiver)) {
            forwarder.start();
            topic.awaitSettled(records);
        }
    }

    private static String halted(Drover forwarder) {
        await().atMost(PATIENCE).until(() -> forwarder.pipelines().stream()
                .anyMatch(pipeline -> pipeline.ledger().halted().isPresent()));
        return forwarder.pipeline(GROUP).ledger().halted().orElseThrow();
    }
}
