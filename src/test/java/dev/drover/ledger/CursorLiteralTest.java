package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                Arguments.of("+20240-03-15", LocalDate.of(20240, 3, 15)),
                Arguments.of("-0043-03-15T01:02:03", LocalDateTime.of(-43, 3, 15, 1, 2, 3)),
                Arguments.of("12:30", LocalTime.of(12, 30)),
                Arguments.of("12:30:00.5+02:00", OffsetTime.parse("12:30:00.5+02:00")),
                Arguments.of("1.0E10", 1e10),
                Arguments.of("4.9E-324", Double.MIN_VALUE),
                Arguments.of("NaN", Double.NaN),
                Arguments.of("-Infinity", Double.NEGATIVE_INFINITY),
                Arguments.of("true", true),
                Arguments.of("x'00ff'", new byte[] {0, -1}),
                Arguments.of("x''", new byte[0]),
                Arguments.of("infinity", "infinity"),
                Arguments.of("24:00:00", "24:00:00"),
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
        List<Object> values = CursorLiteral.parse(List.of("k"), text).values();

        // Then
        assertThat(values).containsExactly(expected);
    }

    @Test
    void shouldSplitAtCommasOutsideQuotesWhenThereAreSeveralColumns() {
        // When
        List<Object> values = CursorLiteral.parse(List.of("a", "b", "c", "d"), "'x,''y', 7,it''s,x''")
                .values();

        // Then
        assertThat(values).containsExactly("x,'y", 7L, "it''s", new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " a",
                "a ",
                "a,b",
                "it's",
                "''",
                "x''",
                "x'00'",
                "42",
                "1.0E10",
                "NaN",
                "true",
                "2024-05-01",
                "12:30",
                "infinity",
                "plain",
                "\t",
                "x'",
                "0f8fad5b-d9cb-469f-a165-70867728950e",
                "x'y, z"
            })
    void shouldReadATextAsItIsPrinted(String text) {
        // Given
        Cursor cursor = new Cursor(List.of("k", "n"), List.of(text, 7));

        // When
        String printed = cursor.toString().substring("k=".length()).replaceFirst(", n=7$", ", 7");

        // Then
        assertThat(CursorLiteral.parse(cursor.columns(), printed).values()).containsExactly(text, 7L);
    }

    @Test
    void shouldNameTheColumnsWhenTheCountIsWrong() {
        // Then
        assertThatThrownBy(() -> CursorLiteral.parse(List.of("tenant", "id"), "7"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the key has 2 column(s) (tenant, id), but there are 1 value(s)");
    }

    @Test
    void shouldRefuseWhenAQuoteIsNotClosed() {
        // Then
        assertThatThrownBy(() -> CursorLiteral.parse(List.of("id"), "'abc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a quote is not closed");
    }
}
