package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A destination that refuses most records is not believed: they are kept instead of being set aside. */
@Integration
class DeadLetterLimitTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 240;
    private static final String LIMIT = "limit: \"{{drover.deadletters.limit}}\"";

    private final Database source = Database.h2().orders(1, ROWS);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(source)
            .file(RouteFile.of("routes/orders.camel.yaml"))
            .edit("beans.camel.yaml", LIMIT, LIMIT + "\n        pause: 200")
            .sendingTo(receiver)
            .sizes(200, 50, 1000)
            .draining();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldKeepWhatIsRefusedAndDeliverItWhenTheDestinationAcceptsAgain() {
        // Given
        AtomicBoolean refusing = new AtomicBoolean(true);
        receiver.fails(Fault.refuseWhile(422, refusing::get));
        try (Logs logs = new Logs()) {
            drover.start();
            await().atMost(PATIENCE).until(() -> logs.says("no more are set aside"));
            await().atMost(PATIENCE).until(() -> deadLetters() == 100);
            int tried = receiver.requests().size();
            await().atMost(PATIENCE).until(() -> receiver.requests().size() > tried + 8);
            long meanwhile = deadLetters();
            String alarm = drover.pipeline("orders").ledger().faults().alarm().orElse("");

            // When
            refusing.set(false);
            drover.awaitEnd();

            // Then
            assertThat(meanwhile).isEqualTo(100);
            assertThat(alarm).isEqualTo("more than 50 % of the last records became dead letters");
            // said once; a refusal that was on its way when another batch was accepted may say it again
            assertThat(logs.errors()).hasSizeBetween(1, 4).allMatch(line -> line.contains(alarm));
            assertThat(deadLetters()).isEqualTo(100);
            assertThat(logs.count("was set aside as a dead letter (status 422), "))
                    .isEqualTo(10);
            assertThat(logs.count("has the reason; further ones are only counted"))
                    .isEqualTo(1);
            assertThat(receiver.accepted()).hasSize(ROWS - 100);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(drover.checkpoint()).isEqualTo("id=" + ROWS);
            assertThat(drover.pipeline("orders").ledger().faults().alarm()).isEmpty();
        }
    }

    @Test
    void shouldKeepTheRecordsWhenEachIsRefusedInAnAnswerOfItsOwn() {
        // Given
        AtomicBoolean refusing = new AtomicBoolean(true);
        receiver.fails(request -> refusing.get() ? Optional.of(refusedEach(request)) : Optional.empty());
        drover.edit("orders.camel.yaml", "ref: outcome", "ref: multiStatus").start();
        await().atMost(PATIENCE).until(() -> deadLetters() == 100);
        int tried = receiver.requests().size();
        await().atMost(PATIENCE).until(() -> receiver.requests().size() > tried + 8);
        long meanwhile = deadLetters();

        // When
        refusing.set(false);
        drover.awaitEnd();

        // Then
        assertThat(meanwhile).isEqualTo(100);
        // those that the same answers had refused are set aside when there is room again
        assertThat(deadLetters()).isBetween(100L, ROWS / 2L);
        assertThat(drover.checkpoint()).isEqualTo("id=" + ROWS);
        assertThat(drover.pipeline("orders").ledger().halted()).isEmpty();
    }

    @Test
    void shouldEndAndLoseNothingWhenItIsStoppedWhileItKeepsWhatIsRefused() {
        // Given
        receiver.fails(Fault.respond(422));
        try (Logs logs = new Logs()) {
            drover.start();
            await().atMost(PATIENCE).until(() -> logs.says("no more are set aside"));
        }

        // When
        drover.stop();
        receiver.fails(Fault.none());
        drover.run();

        // Then
        assertThat(receiver.accepted().size() + deadLetters()).isGreaterThanOrEqualTo(ROWS);
        assertThat(deadLetters()).isEqualTo(100);
    }

    @Test
    void shouldSetEverythingAsideWhenThereIsNoLimit() {
        // Given
        receiver.fails(Fault.respond(422));

        // When
        drover.set("drover.deadletters.limit", 100).run();

        // Then
        assertThat(deadLetters()).isEqualTo(ROWS);
    }

    private static Answer refusedEach(Request request) {
        return new Answer(
                207,
                Map.of(),
                request.records().stream().map(any -> "{\"status\":422}").collect(Collectors.joining(",", "[", "]")));
    }

    private long deadLetters() {
        return source.number("SELECT COUNT(*) FROM drover_dead_letter").longValue();
    }
}
