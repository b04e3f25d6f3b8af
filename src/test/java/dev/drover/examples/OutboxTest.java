package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
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
class OutboxTest {

    private static final List<Long> ALL =
            LongStream.rangeClosed(1, ROWS).boxed().toList();

    private final Receiver receiver = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "outbox.camel.yaml").outbox(ROWS).address("drover.outbox.url", receiver.url());
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldMarkEachRowWhenItIsDelivered() {
        // When
        bench.runUntil(() -> bench.open() == 0);

        // Then
        assertThat(receiver.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(receiver.accepted().get(0).records().get(0).fieldNames())
                .toIterable()
                .containsExactly("id", "topic", "payload");
    }

    @Test
    void shouldKeepOnlyTheRefusedRowFromTheServiceWhenOneIsBad() {
        // Given
        receiver.answers(request -> request.has(7) ? 422 : 200);

        // When
        bench.runUntil(() -> bench.open() == 0);

        // Then
        assertThat(receiver.acceptedIds())
                .containsExactlyInAnyOrderElementsOf(
                        ALL.stream().filter(id -> id != 7).toList());
        assertThat(bench.deadLetters()).containsExactly("outbox id=7 422");
    }
}
