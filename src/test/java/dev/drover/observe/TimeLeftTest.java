package dev.drover.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLeftTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    60000,  100,   ', about 10 min left'
                    60000,  1000,  ', about 1 min left'
                    60000,  10000, ', less than 1 min left'
                    720000, 100,   ', about 120 min left'
                    60000,  0,     ''
                    0,      100,   ''
                    -1,     100,   ''
                    """)
    void shouldDivideWhatIsLeftByWhatIsSettledASecond(long rows, long perSecond, String text) {
        // Then
        assertThat(new Progress.TimeLeft(() -> rows).text(500, perSecond)).isEqualTo(text);
    }

    @Test
    void shouldCountOnceWhenItIsAskedAgain() {
        // Given
        AtomicInteger counts = new AtomicInteger();
        Progress.TimeLeft timeLeft = new Progress.TimeLeft(() -> counts.incrementAndGet() * 60_000L);

        // When
        String first = timeLeft.text(1_000, 100);
        String later = timeLeft.text(31_000, 100);
        String after = timeLeft.text(61_001, 100);

        // Then
        assertThat(first).isEqualTo(", about 10 min left");
        assertThat(later).isEqualTo(", about 5 min left");
        assertThat(after).isEmpty();
        assertThat(counts).hasValue(1);
    }
}
