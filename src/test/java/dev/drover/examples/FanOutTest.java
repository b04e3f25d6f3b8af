package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.checkpoint;
import static dev.drover.examples.Example.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class FanOutTest {

    private static final String TO_BILLING = "users-to-billing";
    private static final String TO_MAILING = "users-to-mailing";
    private static final List<Long> ALL =
            LongStream.rangeClosed(1, ROWS).boxed().toList();

    private final Receiver billing = new Receiver();
    private final Receiver mailing = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "fan-out.camel.yaml")
                .users(ROWS)
                .address("drover.billing.url", billing.url())
                .address("drover.mailing.url", mailing.url());
    }

    @AfterEach
    void tearDown() {
        billing.close();
        mailing.close();
        bench.close();
    }

    @Test
    void shouldSendEachUserToBothServicesWhenBothAreUp() {
        // When
        try (Example example = bench.run()) {
            example.awaitCheckpoint(TO_BILLING, ROWS);
            example.awaitCheckpoint(TO_MAILING, ROWS);

            // Then
            assertThat(billing.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL);
            assertThat(mailing.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL);
        }
    }

    @Test
    void shouldSendOnlyWhatIsNewWhenRunOnceMore() {
        // Given
        try (Example first = bench.run()) {
            first.awaitCheckpoint(TO_BILLING, ROWS);
            first.awaitCheckpoint(TO_MAILING, ROWS);
        }
        bench.moreUsers(ROWS + 1, ROWS + 1);

        // When
        try (Example second = bench.run()) {
            second.awaitCheckpoint(TO_BILLING, ROWS + 1);
            second.awaitCheckpoint(TO_MAILING, ROWS + 1);

            // Then
            assertThat(billing.acceptedIds()).hasSize(ROWS + 1);
            assertThat(mailing.acceptedIds()).hasSize(ROWS + 1);
        }
    }

    @Test
    void shouldNotHoldTheOtherWhenOneServiceIsDown() {
        // Given
        billing.answers(request -> 503);

        // When
        try (Example example = bench.run()) {
            example.awaitCheckpoint(TO_MAILING, ROWS);
            eventually().until(() -> !billing.arrived().isEmpty());

            // Then
            assertThat(mailing.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL);
            assertThat(checkpoint(example.pipeline(TO_BILLING))).isZero();
            assertThat(example.pipeline(TO_BILLING).state()).isEqualTo(Pipeline.State.RUNNING);
            billing.answers(request -> 200);
            example.awaitCheckpoint(TO_BILLING, ROWS);
            assertThat(billing.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL);
            assertThat(mailing.acceptedIds()).hasSize(ROWS);
        }
    }

    @Test
    void shouldNotHoldTheOtherWhenOneRouteIsStopped() throws Exception {
        // Given
        try (Example example = bench.run()) {
            example.awaitCheckpoint(TO_BILLING, ROWS);
            example.awaitCheckpoint(TO_MAILING, ROWS);
            example.context().getRouteController().stopRoute(TO_BILLING);
            bench.moreUsers(ROWS + 1, ROWS + 70);

            // When
            example.awaitCheckpoint(TO_MAILING, ROWS + 70);

            // Then
            assertThat(billing.acceptedIds()).hasSize(ROWS);
            example.context().getRouteController().startRoute(TO_BILLING);
            example.awaitCheckpoint(TO_BILLING, ROWS + 70);
            assertThat(billing.acceptedIds())
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, ROWS + 70).boxed().toList());
            assertThat(mailing.acceptedIds()).hasSize(ROWS + 70);
        }
    }

    @Test
    void shouldLoseNothingWhenARouteIsStoppedAndStartedWhileItsServiceIsDown() throws Exception {
        // Given
        billing.answers(request -> 503);
        try (Example example = bench.run()) {
            eventually().until(() -> billing.arrived().size() >= 4);
            example.context().getRouteController().stopRoute(TO_BILLING, 1, TimeUnit.SECONDS);
            billing.answers(request -> 200);

            // When
            example.context().getRouteController().startRoute(TO_BILLING);
            example.awaitCheckpoint(TO_BILLING, ROWS);
            example.awaitCheckpoint(TO_MAILING, ROWS);

            // Then
            assertThat(billing.acceptedIds()).containsAll(ALL);
            assertThat(mailing.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL);
            assertThat(bench.deadLetters()).isEmpty();
        }
    }
}
