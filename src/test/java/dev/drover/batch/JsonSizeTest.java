package dev.drover.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonSizeTest {

    static List<Object> times() {
        return List.of(
                LocalDateTime.parse("2026-01-02T08:00:01"),
                LocalDate.parse("2026-01-02"),
                Instant.parse("2026-01-02T08:00:01Z"),
                OffsetDateTime.parse("2026-01-02T08:00:01+01:00"));
    }

    @ParameterizedTest
    @MethodSource("times")
    void shouldCountATimeInItsIsoForm(Object time) {
        // Then
        assertThat(JsonSize.of(Map.of("at", time))).isEqualTo(("{\"at\":\"" + time + "\"}").length());
    }

    @Test
    void shouldCountTheTextWhenJacksonDoesNotWriteTheBody() {
        // Given
        Map<String, Object> body = Map.of("no", Optional.of(1));

        // Then
        assertThat(JsonSize.of(body)).isEqualTo(body.toString().length());
        assertThat(JsonSize.of(new Object())).isPositive();
    }

    @Test
    void shouldCountBytesAndNotLetters() {
        // Then
        assertThat(JsonSize.of(Map.of("ö", new BigDecimal("7.40")))).isEqualTo(11);
    }
}
