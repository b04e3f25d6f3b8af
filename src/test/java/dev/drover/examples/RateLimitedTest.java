package dev.drover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class RateLimitedTest {

    private static final int ROWS = 900;
    private static final int BATCHES = ROWS / 50;

    private final Receiver receiver = new Receiver();
    private final Deque<Long> lastSecond = new ArrayDeque<>();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "rate-limited.camel.yaml").orders(ROWS).address("drover.orders.url", receiver.url());
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldHardlyBeRefusedWhenTheServiceTakesFiveRequestsASecond() {
        // Given
        receiver.answers(request -> mayGo() ? 200 : 429);

        // When
        try (Example example = bench.run()) {
            example.awaitCheckpoint("rate-limited", ROWS);
        }

        // Then
        assertThat(receiver.acceptedIds()).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(receiver.arrived()).as("attempts, refused ones too").hasSizeLessThan(BATCHES + BATCHES / 3);
    }

    /** A service with a sliding window; a request that was sent in time may still arrive a little late. */
    private synchronized boolean mayGo() {
        long now = System.nanoTime();
        lastSecond.removeIf(time -> now - time > 900_000_000L);
        if (lastSecond.size() >= 5) {
            return false;
        }
        lastSecond.add(now);
        return true;
    }
}
