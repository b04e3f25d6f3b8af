package dev.drover.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.NoSuchColumnException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceRecordTest {

    private final SourceRecord row = new SourceRecord(
            new Columns(List.of("ID", "name", "Name", "gone")), new Object[] {7L, "a", "b", null}, null);

    @Test
    void shouldFindTheExactNameFirstWhenNamesDifferInCaseOnly() {
        // Then
        assertThat(row.get("id")).isEqualTo(7L);
        assertThat(row.get("name")).isEqualTo("a");
        assertThat(row.get("Name")).isEqualTo("b");
        assertThat(row.get("NAME")).isEqualTo("a");
        assertThatThrownBy(() -> row.get("none"))
                .isInstanceOf(NoSuchColumnException.class)
                .hasMessage("the row has no column none, only [ID, name, Name, gone]");
        assertThat(row.getOrDefault("none", "else")).isEqualTo("else");
        assertThat(row.containsKey("gone")).isTrue();
        assertThat(row.containsKey("none")).isFalse();
    }

    @Test
    void shouldEqualAnOrdinaryMapWhenItHoldsTheSame() {
        // Given
        Map<String, Object> map = new HashMap<>();
        map.put("ID", 7L);
        map.put("name", "a");
        map.put("Name", "b");
        map.put("gone", null);

        // Then
        assertThat(map).isEqualTo(row);
        assertThat(row.keySet()).containsExactly("ID", "name", "Name", "gone");
    }

    @Test
    void shouldGiveTheKeyInKeyOrderWhenAskedForACursor() {
        // Then
        assertThat(row.cursor(List.of("name", "id"))).isEqualTo(new Cursor(List.of("name", "id"), List.of("a", 7L)));
        assertThatThrownBy(() -> row.cursor(List.of("id", "gone")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gone is NULL");
        assertThatThrownBy(() -> row.cursor(List.of("none")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no column none");
    }

    @Test
    void shouldKeepValuesToItselfWhenPrinted() {
        // Then
        assertThat(row).hasToString("SourceRecord[ID, name, Name, gone]");
    }

    @Test
    void shouldRefuseColumnsWhenANameComesTwice() {
        // Then
        assertThatThrownBy(() -> new Columns(List.of("id", "id")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two columns named id");
    }

    @Test
    void shouldRefuseToBeWrittenWhenItCanNotBeRepresented() {
        // Given
        SourceRecord tooLong =
                new SourceRecord(new Columns(List.of("id")), new Object[] {7L}, "column note is too long");

        // Then
        assertThatThrownBy(() -> new ObjectMapper().writeValueAsString(tooLong))
                .isInstanceOf(JsonMappingException.class)
                .hasMessageContaining("column note is too long");
    }
}
