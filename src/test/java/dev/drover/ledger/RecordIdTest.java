package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordIdTest {

    @Test
    void shouldBeTheSameWhenTheKeyIsTheSame() {
        // Then
        assertThat(id("orders", "a", new byte[] {1, 2}, new BigDecimal("1.50")))
                .isEqualTo(id("orders", "a", new byte[] {1, 2}, new BigDecimal("1.50")))
                .matches("[0-9a-f]{32}");
        assertThat(id("orders", 7L)).isEqualTo("913fa37688a2d28a22c54ca3abd1fa45");
    }

    @Test
    void shouldBeAnotherOneWhenKeyOrPipelineOnlyLookAlike() {
        // Given
        Set<String> ids = Set.of(
                id("orders", "a", "b, c=d"),
                id("orders", "a, b", "c=d"),
                id("orders", "a", "bc=d"),
                id("orders2", "a", "b, c=d"),
                id("orders", "ab", "c=d"));

        // Then
        assertThat(ids).hasSize(5);
        assertThat(RecordId.of("orders", "1", new Cursor(List.of("x"), List.of(7L))))
                .as("another row with the key of one that is gone")
                .isNotEqualTo(id("orders", 7L))
                .isNotEqualTo(RecordId.of("orders", "2", new Cursor(List.of("x"), List.of(7L))));
    }

    private static String id(String pipeline, Object... key) {
        List<String> columns = List.of("x", "y", "z").subList(0, key.length);
        return RecordId.of(pipeline, "", new Cursor(columns, List.of(key)));
    }
}
