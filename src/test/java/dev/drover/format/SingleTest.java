package dev.drover.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SingleTest {

    private final Single single = new Single();

    @Test
    void shouldWriteTheRecordWithoutAnArray() throws Exception {
        // When
        Marshalled written = Marshalled.by(single, List.of(Map.of("id", 1)));

        // Then
        assertThat(written.text()).isEqualTo("{\"id\":1}");
        assertThat(written.contentType()).isEqualTo("application/json");
    }

    @Test
    void shouldWriteTheRowOfAnUpsertAndNothingForADelete() throws Exception {
        // Given
        Map<String, Object> upsert = new HashMap<>(
                Map.of("change_id", 7, "operation", "upsert", "key", Map.of("id", 1), "row", Map.of("id", 1)));
        Map<String, Object> deleted = new HashMap<>(upsert);
        deleted.put("operation", "delete");
        deleted.put("row", null);

        // When, Then
        assertThat(Marshalled.by(single, List.of(upsert)).text()).isEqualTo("{\"id\":1}");
        assertThat(Marshalled.by(single, List.of(deleted)).text()).isEmpty();
        upsert.remove("change_id");
        assertThat(Marshalled.by(single, List.of(upsert)).text())
                .as("a row with such columns")
                .contains("\"operation\"");
    }

    @Test
    void shouldLeaveABatchOfSeveralRecordsToItsDivision() {
        assertThatThrownBy(() -> Marshalled.by(single, List.of(Map.of("id", 1), Map.of("id", 2))))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("the format single writes one record, not 2");
    }
}
