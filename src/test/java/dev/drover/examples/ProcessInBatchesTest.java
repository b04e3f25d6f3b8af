package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class ProcessInBatchesTest {

    private final Receiver receiver = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "process-in-batches.camel.yaml")
                .users(ROWS)
                .address("drover.users.url", receiver.url());
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldSendTwentyBatchesOfFiftyAndOneOfThirtyWhenRunUntilDrained() {
        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            Map<Integer, Long> batchesBySize = receiver.arrived().stream()
                    .collect(Collectors.groupingBy(request -> request.ids().size(), Collectors.counting()));
            assertThat(batchesBySize).isEqualTo(Map.of(50, 20L, 30, 1L));
            assertThat(receiver.acceptedIds())
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, ROWS).boxed().toList());
            assertThat(receiver.arrived()).extracting(Receiver.Request::key).doesNotHaveDuplicates();
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
}
