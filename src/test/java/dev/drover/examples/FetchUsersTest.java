package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.checkpoint;
import static dev.drover.examples.Example.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class FetchUsersTest {

    private static final List<Long> ALL =
            LongStream.rangeClosed(1, ROWS).boxed().toList();

    private final Receiver receiver = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "fetch-users.camel.yaml").users(ROWS).address("drover.users.url", receiver.url());
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldSendEachUserOnceInOrderWhenRunUntilDrained() {
        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(receiver.arrivedIds()).isEqualTo(ALL);
            assertThat(receiver.arrived())
                    .allSatisfy(request -> {
                        assertThat(request.body().isObject()).isTrue();
                        assertThat(request.contentType()).isEqualTo("application/json");
                    })
                    .extracting(Receiver.Request::key)
                    .doesNotHaveDuplicates();
            assertThat(receiver.arrived().get(41).body())
                    .hasToString("{\"id\":42,\"name\":\"User 42\",\"email\":\"user42@example.org\"}");
            assertThat(example.pipeline().tally().pages()).isEqualTo(11);
            assertThat(example.pipeline().tally().delivered()).isEqualTo(ROWS);
            assertThat(checkpoint(example.pipeline())).isEqualTo(ROWS);
        }
    }

    @Test
    void shouldSendNothingWhenRunOnceMore() {
        // Given
        try (Example first = bench.run()) {
            first.awaitEnd();
        }

        // When
        try (Example second = bench.run()) {
            second.awaitEnd();

            // Then
            assertThat(second.pipeline().state()).isEqualTo(Pipeline.State.FINISHED);
            assertThat(receiver.arrived()).hasSize(ROWS);
        }
    }

    @Test
    void shouldHoldTheCheckpointWhenAUserIsAnswered503() {
        // Given
        AtomicBoolean down = new AtomicBoolean(true);
        receiver.answers(request -> down.get() && request.has(250) ? 503 : 200);

        // When
        try (Example example = bench.run()) {
            eventually().until(() -> receiver.attempts(250) >= 2);

            // Then
            assertThat(checkpoint(example.pipeline())).isEqualTo(200);
            assertThat(receiver.acceptedIds()).isEqualTo(ALL.subList(0, 249));

            // and when
            down.set(false);
            example.awaitEnd();

            // Then
            assertThat(receiver.acceptedIds()).isEqualTo(ALL);
            assertThat(checkpoint(example.pipeline())).isEqualTo(ROWS);
            assertThat(receiver.arrived().stream()
                            .filter(request -> request.has(250))
                            .distinct())
                    .as("each attempt is the same request")
                    .hasSize(1);
            assertThat(bench.deadLetters()).isEmpty();
        }
    }

    @Test
    void shouldSetAUserAsideWhenItIsRefused() {
        // Given
        receiver.answers(request -> request.has(777) ? 422 : 200);

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(example.pipeline().state()).isEqualTo(Pipeline.State.FINISHED);
            assertThat(receiver.arrivedIds()).isEqualTo(ALL);
            assertThat(receiver.acceptedIds()).hasSize(ROWS - 1).doesNotContain(777L);
            assertThat(bench.deadLetters()).containsExactly("fetch-users id=777 422");
            assertThat(example.pipeline().tally().deadLetters()).isEqualTo(1);
            assertThat(checkpoint(example.pipeline())).isEqualTo(ROWS);
        }
    }

    @Test
    void shouldRaiseTheAlarmAndLoseNothingWhenTheCredentialsAreWrong() {
        // Given
        receiver.answers(request -> request.has(3) && receiver.attempts(3) == 1 ? 401 : 200);

        // When
        try (Example example = bench.run()) {
            eventually()
                    .until(() -> example.pipeline().ledger().faults().alarm().isPresent());

            // Then
            assertThat(example.pipeline().ledger().faults().alarm()).contains("status 401");
            example.awaitEnd();
            assertThat(example.pipeline().ledger().faults().alarm()).isEmpty();
            assertThat(receiver.acceptedIds()).isEqualTo(ALL);
            assertThat(bench.deadLetters()).isEmpty();
        }
    }

    @Test
    void shouldLoseNothingWhenStoppedWhileAUserIsHeld() {
        // Given
        receiver.answers(request -> request.has(250) ? 503 : 200);
        bench.runUntil(() -> receiver.attempts(250) >= 2);
        receiver.answers(request -> 200);

        // When
        try (Example second = bench.run()) {
            second.awaitEnd();

            // Then
            assertThat(receiver.acceptedIds()).containsAll(ALL).hasSizeLessThanOrEqualTo(ROWS + 100);
            assertThat(bench.deadLetters()).isEmpty();
            assertThat(checkpoint(second.pipeline())).isEqualTo(ROWS);
        }
    }
}
