package dev.drover.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.drover.batch.BatchFixture;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormTest {

    private final Form form = new Form();

    @Test
    void shouldWriteEachValueExactlyWhenARecordHasAllKinds() throws Exception {
        // Given
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", Long.MIN_VALUE);
        row.put("amount", new BigDecimal("12345678901234567890.1230"));
        row.put("gone", null);
        row.put("paid", true);
        row.put("a name", "O'Neill & é=\uD83D\uDE00+ %\n");

        // When
        Marshalled written = Marshalled.by(form, List.of(row));

        // Then
        assertThat(written.text())
                .isEqualTo("id=-9223372036854775808&amount=12345678901234567890.1230&gone=&paid=true"
                        + "&a+name=O%27Neill+%26+%C3%A9%3D%F0%9F%98%80%2B+%25%0A");
        assertThat(written.contentType()).isEqualTo("application/x-www-form-urlencoded");
    }

    @Test
    void shouldKeepTheBatchWhenItHasSeveralRecords() {
        // Then
        assertThatThrownBy(() -> Marshalled.by(form, new BatchFixture("orders").batch("a", 1, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "a form contains one record, and this batch has 2: set completionSize: 1 at the aggregate, or"
                                + " choose another format");
    }

    @Test
    void shouldRefuseTheRecordWhenItHasMoreThanSingleValues() {
        // Then
        assertThatThrownBy(() -> Marshalled.by(form, List.of(Map.of("lines", List.of("secret")))))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageStartingWith("field lines is an object or an array")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Marshalled.by(form, List.of(List.of(1))))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("not an array");
    }
}
