package dev.drover;

import static dev.drover.testing.KafkaTopic.FORWARDER;
import static dev.drover.testing.KafkaTopic.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Decoder;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.KafkaTopic;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.TcpProxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Polls of a topic that fail, and one that takes longer than the group waits for the next. */
@Integration
class KafkaPollsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaTopic topic = KafkaTopic.of(1);
    private final ManagementPort port = new ManagementPort();

    @AfterEach
    void decodeAll() {
        Decoder.before(value -> {});
    }

    @Test
    void shouldSayWhyAndSkipNothingWhenAValueCanNotBeDecodedForAWhile() {
        // Given
        AtomicBoolean away = new AtomicBoolean(true);
        Decoder.before(value -> {
            if (away.get() && value.equals("{\"id\":11}")) {
                throw new SerializationException("the registry of schemas does not answer");
            }
        });
        topic.publish(1, 30);
        try (Receiver receiver = Receiver.start("id");
                Drover forwarder = port.of(decoding(receiver))) {

            // When
            forwarder.start();

            // Then
            topic.awaitSettled(10);
            await().atMost(PATIENCE)
                    .until(
                            this::readiness,
                            said -> said.contains("the source cannot be read: ") && said.contains("at offset 10"));

            // When
            away.set(false);

            // Then
            topic.awaitSettled(30);
            assertThat(receiver.accepted()).hasSize(30);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(forwarder.pipeline(GROUP).reading().unreadable()).isEmpty();
            await().atMost(PATIENCE).until(this::readiness, said -> !said.contains("DOWN"));
        }
    }

    @Test
    void shouldSayThatItIsNoMemberAndGoOnByItselfWhenTheBrokerWasAwayAtTheStart() {
        // Given
        topic.publish(1, 10);
        try (TcpProxy toBroker = TcpProxy.to(topic.brokerPort());
                Receiver receiver = Receiver.start("id");
                Drover forwarder = port.of(topic.forwarder(Database.h2(), receiver))
                        .set("drover.kafka.brokers", "127.0.0.1:" + toBroker.port())
                        .edit(
                                FORWARDER,
                                "heartbeatIntervalMs: 200",
                                "heartbeatIntervalMs: 200\n        sessionTimeoutMs: 6000")) {
            toBroker.cut();

            // When
            forwarder.start();

            // Then
            await().atMost(PATIENCE)
                    .until(
                            this::readiness,
                            said -> said.contains(
                                    "the source cannot be read: this process is not a member of its group yet"));
            toBroker.restore();
            topic.awaitSettled(10);
            await().atMost(PATIENCE).until(this::readiness, said -> !said.contains("DOWN"));
            assertThat(forwarder.pipeline(GROUP).reading().unreadable()).isEmpty();
        }
    }

    private String readiness() {
        return port.get("/observe/health/ready?exposureLevel=full").body();
    }

    @Test
    void shouldLeaveOffsetsAloneWhenAnotherProcessHasGoneOnDuringAPoll() {
        // Given
        CountDownLatch polls = new CountDownLatch(1);
        CountDownLatch polled = new CountDownLatch(1);
        CountDownLatch accepts = new CountDownLatch(1);
        Decoder.before(value -> {
            if (value.equals("{\"id\":21}") && polls.getCount() > 0) {
                polls.countDown();
                awaitOpen(polled);
            }
        });
        topic.publish(1, 40);
        try (Receiver slow = Receiver.start("id");
                Receiver receiver = Receiver.start("id");
                Drover first = decoding(slow)
                        .edit(FORWARDER, "PollRecords: 100", "PollRecords: 20\n        maxPollIntervalMs: 1000");
                Drover second = topic.forwarder(Database.h2(), receiver)) {
            slow.fails(Fault.slow(PATIENCE.toMillis(), accepts));
            first.start();
            awaitOpen(polls);

            // When
            accepts.countDown();
            second.start();
            topic.awaitSettled(40);
            second.stop();
            polled.countDown();

            // Then
            await().atMost(PATIENCE).until(() -> first.pipeline(GROUP).ledger().window() == 0);
            topic.awaitMembers(1);
            assertThat(topic.committed()).isEqualTo(Map.of(0, 40L));
            assertThat(receiver.accepted()).hasSize(40);
        }
    }

    private static void awaitOpen(CountDownLatch opened) {
        try {
            assertThat(opened.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Drover decoding(Receiver receiver) {
        return topic.forwarder(Database.h2(), receiver)
                .edit(
                        FORWARDER,
                        "pollTimeoutMs: 1000",
                        "pollTimeoutMs: 1000\n        valueDeserializer: " + Decoder.class.getName());
    }
}
