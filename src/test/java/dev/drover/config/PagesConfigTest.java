package dev.drover.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesConfigTest {

    /** In seconds. */
    @ParameterizedTest
    @CsvSource({
        "1, 10, 0, 0, 1",
        "1, 10, 0, 10, 1",
        "1, 10, 0, 60, 6",
        "1, 10, 0, 86400, 10",
        "1, 0, 0, 86400, 1",
        "60, 10, 0, 86400, 60",
        "1, 10, 3600, 86400, 1"
    })
    void shouldWaitATenthOfTheTimeWithoutRowsBetweenItsBounds(
            long delay, long longest, long deadline, long idle, long wait) {
        // Given
        PagesConfig config = new PagesConfig(
                "orders",
                List.of("id"),
                null,
                10,
                100,
                Duration.ofSeconds(delay),
                Duration.ofSeconds(longest),
                Mode.FOLLOW,
                Schedule.ALWAYS,
                Consistency.STATIC,
                Set.of(),
                Duration.ofSeconds(1),
                new ClaimOptions(null, Duration.ofSeconds(1), Duration.ZERO),
                new RunLimits(0, null, 0, Duration.ofSeconds(deadline)));

        // When, Then
        assertThat(config.delayAfter(Duration.ofSeconds(idle))).isEqualTo(Duration.ofSeconds(wait));
    }
}
