package dev.drover.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTextTest {

    @ParameterizedTest
    @CsvSource({"0", "0.10", "10.50", "-7", "-12.000", "18446744073709551615", "12345678901234567890.123456789012345678"
    })
    void shouldKeepDecimalAsItWasSentWhenJsonWritesItSo(String sent) throws Exception {
        // Given
        SourceRecord row = row(ColumnText.decimal(sent));

        // Then
        assertThat(json(row)).isEqualTo("{\"a\":" + sent + "}").isEqualTo(json(row(new BigDecimal(sent))));
        assertThat(row.value("a")).isEqualTo(new BigDecimal(sent));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".5",
                "5.",
                "007.50",
                "00",
                "-0.00",
                "1E+3",
                "+1",
                "NaN",
                "Infinity",
                "1,5",
                "1.2.3",
                "٣"
            })
    void shouldNotKeepDecimalWhenJsonWritesItOtherwise(String sent) {
        assertThat(ColumnText.decimal(sent)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-05-01 12:30:00, 2024-05-01T12:30:00",
        "2024-05-01 12:30:00.1, 2024-05-01T12:30:00.100",
        "2024-05-01 12:30:00.12, 2024-05-01T12:30:00.120",
        "2024-05-01 12:30:00.123, 2024-05-01T12:30:00.123",
        "2024-05-01 12:30:00.1234, 2024-05-01T12:30:00.123400",
        "2024-05-01 12:30:00.00001, 2024-05-01T12:30:00.000010",
        "0001-12-31 23:59:59.999999, 0001-12-31T23:59:59.999999"
    })
    void shouldWriteTimestampAsItsValueIsWrittenWhenItIsOfTheUsualForm(String sent, String iso) throws Exception {
        // Given
        SourceRecord local = row(ColumnText.timestamp(sent));
        SourceRecord inUtc = row(ColumnText.timestampInUtc(sent + "+00"));

        // Then
        assertThat(local.value("a")).isEqualTo(LocalDateTime.parse(iso));
        assertThat(json(local)).isEqualTo("{\"a\":\"" + iso + "\"}").isEqualTo(json(row(local.value("a"))));
        assertThat(inUtc.value("a")).isEqualTo(OffsetDateTime.parse(iso + "Z"));
        assertThat(json(inUtc)).isEqualTo("{\"a\":\"" + iso + "Z\"}").isEqualTo(json(row(inUtc.value("a"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "infinity",
                "-infinity",
                "0044-03-15 01:02:03 BC",
                "20240-05-01 12:30:00",
                "2024-05-01",
                "2024-05-01 12:30:00.",
                "2024-05-01 12:30:00.1234567",
                "2024-05-01 12:30:00+02",
                "05/01/2024 12:30:00"
            })
    void shouldNotKeepTimestampWhenItIsOfAnotherForm(String sent) {
        assertThat(ColumnText.timestamp(sent)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "infinity",
                "2024-05-01 12:30:00",
                "2024-05-01 12:30:00+02",
                "2024-05-01 12:30:00+05:30",
                "1890-05-01 12:30:00+00:09:21",
                "0044-03-15 01:02:03+00 BC",
                "20240-05-01 12:30:00+00"
            })
    void shouldNotKeepTimestampWhenItIsNotShownInUtc(String sent) {
        assertThat(ColumnText.timestampInUtc(sent)).isNull();
    }

    @Test
    void shouldKeepDateWhenItHasFourDigitsOfTheYear() throws Exception {
        // Given
        SourceRecord row = row(ColumnText.date("2024-02-29"));

        // Then
        assertThat(row.get("a")).isEqualTo(LocalDate.of(2024, 2, 29));
        assertThat(json(row)).isEqualTo("{\"a\":\"2024-02-29\"}");
        assertThat(ColumnText.date("0044-03-15 BC")).isNull();
        assertThat(ColumnText.date("20240-03-15")).isNull();
        assertThat(ColumnText.date("infinity")).isNull();
    }

    private static SourceRecord row(Object value) {
        return new SourceRecord(new Columns(List.of("a")), new Object[] {value}, null);
    }

    private static String json(SourceRecord row) throws Exception {
        return new ObjectMapper().writeValueAsString(row);
    }
}
