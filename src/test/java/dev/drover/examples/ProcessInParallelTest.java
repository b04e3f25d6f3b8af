package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.checkpoint;
import static dev.drover.examples.Example.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class ProcessInParallelTest {

    private static final List<Long> ALL =
            LongStream.rangeClosed(1, ROWS).boxed().toList();

    private final Receiver first = new Receiver();
    private final Receiver second = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "process-in-parallel.camel.yaml")
                .users(ROWS)
                .address("drover.first.url", first.url())
                .address("drover.second.url", second.url());
    }

    @AfterEach
    void tearDown() {
        first.close();
        second.close();
        bench.close();
    }

    @Test
    void shouldSendEachUserToOneServiceWhenTwoShareTheStream() {
        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(both()).as("union without intersection").containsExactlyInAnyOrderElementsOf(ALL);
            assertThat(checkpoint(example.pipeline())).isEqualTo(ROWS);
        }
    }

    @Test
    void shouldGiveTheBatchesToTheServiceThatIsFreeWhenTheOtherIsBusy() {
        // Given
        CountDownLatch firstIsBusy = new CountDownLatch(1);
        CountDownLatch restIsDone = new CountDownLatch(1);
        first.answers(request -> {
            firstIsBusy.countDown();
            return after(restIsDone);
        });
        second.answers(request -> after(firstIsBusy));

        // When
        try (Example example = bench.run()) {
            eventually()
                    .until(() -> second.acceptedIds().size()
                            == ROWS - first.arrivedIds().size());

            // Then
            assertThat(first.arrived()).hasSize(1);
            restIsDone.countDown();
            example.awaitEnd();
            assertThat(both()).containsExactlyInAnyOrderElementsOf(ALL);
        }
    }

    @Test
    void shouldKeepABatchWithItsServiceWhenThatIsDownForAWhile() {
        // Given
        AtomicBoolean down = new AtomicBoolean(true);
        CountDownLatch firstHasOne = new CountDownLatch(1);
        first.answers(request -> {
            firstHasOne.countDown();
            return down.get() ? 503 : 200;
        });
        second.answers(request -> after(firstHasOne));

        // When
        try (Example example = bench.run()) {
            eventually()
                    .until(() -> second.acceptedIds().size()
                                    + first.arrivedIds().stream().distinct().count()
                            == ROWS);
            long checkpointWhileDown = checkpoint(example.pipeline());
            down.set(false);
            example.awaitEnd();

            // Then
            long held = first.arrived().get(0).ids().get(0);
            assertThat(checkpointWhileDown).as("before the batch that is held").isLessThan(held);
            assertThat(first.arrived())
                    .as("one batch, again and again")
                    .containsOnly(first.arrived().get(0));
            assertThat(first.accepted()).hasSize(1);
            assertThat(both()).containsExactlyInAnyOrderElementsOf(ALL);
            assertThat(checkpoint(example.pipeline())).isEqualTo(ROWS);
        }
    }

    @Test
    void shouldHalveABatchWithinItsServiceWhenOneUserIsRefused() {
        // Given
        first.answers(request -> request.has(777) ? 422 : 200);
        second.answers(request -> request.has(777) ? 422 : 200);

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(example.pipeline().state()).isEqualTo(Pipeline.State.FINISHED);
            assertThat(both())
                    .containsExactlyInAnyOrderElementsOf(
                            ALL.stream().filter(id -> id != 777).toList());
            assertThat(List.of(first.attempts(777), second.attempts(777)))
                    .as("only one service ever saw the refused one")
                    .contains(0L)
                    .doesNotHaveDuplicates();
            assertThat(bench.deadLetters()).containsExactly("process-in-parallel id=777 422");
        }
    }

    @Test
    void shouldSendNothingWhenRunOnceMore() {
        // Given
        try (Example once = bench.run()) {
            once.awaitEnd();
        }

        // When
        try (Example again = bench.run()) {
            again.awaitEnd();

            // Then
            assertThat(both()).hasSize(ROWS);
        }
    }

    @Test
    void shouldLoseNothingWhenStoppedWhileBothServicesAreDown() {
        // Given
        first.answers(request -> 503);
        second.answers(request -> 503);
        bench.runUntil(() -> first.arrived().size() >= 2 && second.arrived().size() >= 2);
        first.answers(request -> 200);
        second.answers(request -> 200);

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(both()).containsExactlyInAnyOrderElementsOf(ALL);
            assertThat(bench.deadLetters()).isEmpty();
        }
    }

    private List<Long> both() {
        List<Long> ids = new ArrayList<>(first.acceptedIds());
        ids.addAll(second.acceptedIds());
        return ids;
    }

    private static int after(CountDownLatch latch) {
        try {
            latch.await();
            return 200;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 500;
        }
    }
}
