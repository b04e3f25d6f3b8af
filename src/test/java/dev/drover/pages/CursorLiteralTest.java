package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CursorLiteralTest {

    static Stream<Arguments> literals() {
        return Stream.of(
                Arguments.of("0", 0L),
                Arguments.of("-42", -42L),
                Arguments.of("9223372036854775807", Long.MAX_VALUE),
                Arguments.of("-9223372036854775808", Long.MIN_VALUE),
                Arguments.of("9223372036854775808", new BigDecimal("9223372036854775808")),
                Arguments.of("4.20", new BigDecimal("4.20")),
                Arguments.of("2024-05-01", LocalDate.of(2024, 5, 1)),
                Arguments.of("2024-05-01T12:30:00", LocalDateTime.of(2024, 5, 1, 12, 30)),
                Arguments.of("2024-05-01T12:30:00.5Z", OffsetDateTime.parse("2024-05-01T12:30:00.5Z")),
                Arguments.of("2024-05-01T12:30:00+02:00", OffsetDateTime.parse("2024-05-01T12:30:00+02:00")),
                Arguments.of(
                        "0f8fad5b-d9cb-469f-a165-70867728950e",
                        UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e")),
                Arguments.of("'42'", "42"),
                Arguments.of("'it''s, so'", "it's, so"),
                Arguments.of("''", ""),
                Arguments.of("''''", "'"),
                Arguments.of("O'Brien", "O'Brien"),
                Arguments.of(" abc ", "abc"),
                Arguments.of("2024-02-30", "2024-02-30"),
                Arguments.of("1e5", "1e5"));
    }

    @ParameterizedTest
    @MethodSource("literals")
    void shouldTellTheTypeFromTheFormWhenThereIsOneColumn(String text, Object expected) {
        // When
        List<Object> values =
                CursorLiteral.parse("startAfter", List.of("k"), text).values();

        // Then
        assertThat(values).containsExactly(expected);
    }

    @Test
    void shouldSplitAtCommasOutsideQuotesWhenThereAreSeveralColumns() {
        // When
        List<Object> values = CursorLiteral.parse("startAfter", List.of("a", "b", "c"), "'x,''y', 7,it's")
                .values();

        // Then
        assertThat(values).containsExactly("x,'y", 7L, "it's");
    }

    @Test
    void shouldNameTheColumnsWhenTheCountIsWrong() {
        // Then
        assertThatThrownBy(() -> CursorLiteral.parse("startAfter", List.of("tenant", "id"), "7"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("startAfter: the key has 2 column(s) (tenant, id), but there are 1 value(s)");
    }

    @Test
    void shouldRefuseWhenAQuoteIsNotClosed() {
        // Then
        assertThatThrownBy(() -> CursorLiteral.parse("startAfter", List.of("id"), "'abc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("startAfter: a quote is not closed");
    }
}
