package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class SlicesTest {

    private static final List<Long> ALL =
            LongStream.rangeClosed(1, ROWS).boxed().toList();

    private final Receiver receiver = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "slices.camel.yaml").orders(ROWS).address("drover.orders.url", receiver.url());
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldSendEachOrderOnceWhenTheyTravelInSlices() {
        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(receiver.arrived())
                    .extracting(request -> request.ids().size())
                    .containsExactlyInAnyOrder(500, 500, 30);
            assertThat(receiver.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL);
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
            assertThat(receiver.acceptedIds()).hasSize(ROWS);
        }
    }

    @Test
    void shouldSetAnOrderAsideWhenItIsRefused() {
        // Given
        receiver.answers(request -> request.has(333) ? 422 : 200);

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(receiver.acceptedIds())
                    .containsExactlyInAnyOrderElementsOf(
                            ALL.stream().filter(id -> id != 333).toList());
            assertThat(bench.deadLetters()).containsExactly("sliced-orders id=333 422");
            assertThat(checkpoint(example.pipeline())).isEqualTo(ROWS);
        }
    }
}
