package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BodyLimitTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final BodyLimit limit = new BodyLimit(nanos::get);

    @Test
    void shouldLetALargeBodyTryAgainWhenAMinuteHasPassed() {
        // Given
        limit.refused(1000);
        assertThat(limit.exceededBy(1000)).isTrue();

        // When
        pass(Duration.ofMinutes(1));

        // Then
        assertThat(limit.exceededBy(1000)).isFalse();
        limit.accepted(1000);
        assertThat(limit.exceededBy(5000)).isFalse();
        assertThat(limit.partSize()).isEmpty();
    }

    @Test
    void shouldWaitTwiceAsLongWhenTheTryIsRefused() {
        // Given
        limit.refused(1000);
        pass(Duration.ofMinutes(1));

        // When
        limit.refused(1200);

        // Then
        pass(Duration.ofSeconds(119));
        assertThat(limit.exceededBy(1000)).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(limit.exceededBy(1000)).isFalse();
        assertThat(limit.partSize()).hasValue(500);
    }

    @Test
    void shouldTryOnceInAnHourAtLeastHoweverOftenItIsRefused() {
        // When
        for (int refused = 0; refused < 20; refused++) {
            limit.refused(1000);
            pass(Duration.ofHours(1));
        }

        // Then
        assertThat(limit.exceededBy(1000)).isFalse();
    }

    @Test
    void shouldBeginWithAMinuteAgainWhenALargerBodyWasTakenMeanwhile() {
        // Given
        limit.refused(1000);
        pass(Duration.ofMinutes(1));
        limit.refused(1000);
        limit.accepted(1000);

        // When
        limit.refused(2000);

        // Then
        pass(Duration.ofMinutes(1));
        assertThat(limit.exceededBy(2000)).isFalse();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
