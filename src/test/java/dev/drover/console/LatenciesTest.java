package dev.drover.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** A percentile is at most a tenth too long, and each attempt counts once. */
class LatenciesTest {

    private final Meter.Latencies latencies = new Meter.Latencies();

    @Test
    void shouldTellThePercentilesWhenAttemptsTookDifferentTimes() {
        // Given
        for (int millis = 1; millis <= 1000; millis++) {
            latencies.add(Duration.ofMillis(millis));
        }

        // When
        Meter.Latencies.Percentiles taken = latencies.take();

        // Then
        assertThat(taken.p50()).isCloseTo(500, Percentage.withPercentage(10));
        assertThat(taken.p95()).isCloseTo(950, Percentage.withPercentage(10));
        assertThat(taken.p99()).isCloseTo(990, Percentage.withPercentage(10));
        assertThat(latencies.take()).isNull();
    }

    @Test
    void shouldCountAnAttemptThatTookNoTimeOrForEver() {
        // Given
        latencies.add(Duration.ZERO);
        latencies.add(Duration.ofDays(1));

        // When
        Meter.Latencies.Percentiles taken = latencies.take();

        // Then
        assertThat(taken.p50()).isEqualTo(1);
        assertThat(taken.p99()).isGreaterThan(100_000);
    }
}
