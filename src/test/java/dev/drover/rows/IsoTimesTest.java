package dev.drover.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsoTimesTest {

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04, 2026-01-02T03:04:00",
        "2026-12-31T23:59:59, 2026-12-31T23:59:59",
        "2026-01-02T03:04:00.100, 2026-01-02T03:04:00.100",
        "2026-01-02T03:04:05.000001, 2026-01-02T03:04:05.000001",
        "2026-01-02T03:04:05.120000001, 2026-01-02T03:04:05.120000001",
        "0000-01-01T00:00, 0000-01-01T00:00:00",
        "9999-12-31T00:00, 9999-12-31T00:00:00",
        "+10000-01-01T00:00, +10000-01-01T00:00:00",
        "-0044-03-15T12:00, -0044-03-15T12:00:00",
    })
    void shouldWriteSecondsAlwaysWhenATimestampIsWritten(String value, String text) {
        // When / Then
        assertThat(IsoTimes.text(LocalDateTime.parse(value))).isEqualTo(text);
    }

    @Test
    void shouldWriteWhatJavaReadsBackWhenAnyTimeIsWritten() {
        // Given
        Random random = new Random(20260102);

        for (int i = 0; i < 10_000; i++) {
            int precision = new int[] {1, 1_000, 1_000_000, 1_000_000_000}[i % 4];
            int nanos = random.nextInt(1_000_000_000) / precision * precision;
            LocalDateTime value = LocalDateTime.ofEpochSecond(
                    random.nextLong(-99_999_999_999L, 299_999_999_999L), nanos, ZoneOffset.UTC);

            // When
            String text = IsoTimes.text(value);

            // Then
            assertThat(LocalDateTime.parse(text)).isEqualTo(value);
            assertThat(LocalTime.parse(IsoTimes.text(value.toLocalTime()))).isEqualTo(value.toLocalTime());
        }
    }
}
