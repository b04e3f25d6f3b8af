package dev.drover.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BulkTest {

    private final Bulk bulk = new Bulk();

    @Test
    void shouldPutAnActionBeforeEachDocumentWhenABatchIsWritten() throws Exception {
        // When
        Marshalled written = Marshalled.by(bulk, List.of(row("id", 1L), row("id", Long.MAX_VALUE)));

        // Then
        assertThat(written.text())
                .isEqualTo(
                        """
                        {"index":{"_id":"1"}}
                        {"by":{"id":7},"id":1}
                        {"index":{"_id":"9223372036854775807"}}
                        {"by":{"id":7},"id":9223372036854775807}
                        """);
        assertThat(written.contentType()).isEqualTo("application/x-ndjson");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "index; {\"by\":{\"id\":7},\"id\":1}",
                "create; {\"by\":{\"id\":7},\"id\":1}",
                "update; {\"doc\":{\"by\":{\"id\":7},\"id\":1},\"doc_as_upsert\":true}"
            })
    void shouldWriteTheDocumentAsTheActionNeedsIt(String action, String document) throws Exception {
        // Given
        bulk.setAction(action);

        // Then
        assertThat(Marshalled.by(bulk, List.of(row("id", 1))).text())
                .isEqualTo("{\"" + action + "\":{\"_id\":\"1\"}}\n" + document + "\n");
    }

    @Test
    void shouldHaveTheExactTextOfTheIdWhateverItIs() throws Exception {
        // Given
        bulk.setId("key");
        List<Object> ids = List.of("a \"b\"\n\uD83D\uDE00", new BigDecimal("1.50"), true);

        // When
        List<String> actions = new ArrayList<>();
        for (Object id : ids) {
            actions.add(
                    Marshalled.by(bulk, row("key", id)).text().lines().toList().get(0));
        }

        // Then
        assertThat(actions)
                .containsExactly(
                        "{\"index\":{\"_id\":\"a \\\"b\\\"\\n\uD83D\uDE00\"}}",
                        "{\"index\":{\"_id\":\"1.50\"}}",
                        "{\"index\":{\"_id\":\"true\"}}");
    }

    static List<Object> noIds() {
        return Arrays.asList(null, "", List.of(1), Map.of("a", 1), "x".repeat(513), "é".repeat(257));
    }

    @ParameterizedTest
    @MethodSource("noIds")
    void shouldRefuseTheRecordWhenItsIdIsNone(Object id) {
        // Then
        assertThatThrownBy(() -> Marshalled.by(bulk, List.of(row("id", 1), row("id", id))))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageStartingWith("field id is ")
                .hasMessageNotContaining("xx");
    }

    @Test
    void shouldKeepTheBatchWhenARecordHasNoSuchField() {
        // Then
        assertThatThrownBy(() -> Marshalled.by(bulk, List.of(row("key", 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a record has no field id, which is the id of its document: select it, or set the option"
                        + " id of the format to another field");
        assertThatThrownBy(() -> Marshalled.by(bulk, List.of(List.of("id", 1))))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessage("a document must be an object, not an array");
    }

    @Test
    void shouldIndexOrDeleteWhenTheRecordsAreChanges() throws Exception {
        // Given
        bulk.setAction("change");
        Map<String, Object> update =
                Map.of("change_id", 17L, "operation", "upsert", "key", Map.of("id", 7), "row", Map.of("name", "x"));
        Map<String, Object> delete = Map.of("change_id", 18L, "operation", "delete", "key", Map.of("id", 8));

        // When
        Marshalled written = Marshalled.by(bulk, List.of(update, delete));

        // Then
        assertThat(written.text().lines())
                .containsExactly(
                        "{\"index\":{\"_id\":\"7\",\"version\":17,\"version_type\":\"external_gte\"}}",
                        "{\"name\":\"x\"}",
                        "{\"delete\":{\"_id\":\"8\",\"version\":18,\"version_type\":\"external_gte\"}}");
        assertThatThrownBy(() -> Marshalled.by(bulk, List.of(row("id", 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a record is not a change: the action change needs a pipeline with changes: true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "INDEX", ""})
    void shouldRefuseTheActionWhenItIsNotKnown(String action) {
        // Then
        assertThatThrownBy(() -> bulk.setAction(action))
                .hasMessage("action: '" + action + "' is not allowed, it must be one of index, create, update, change");
        assertThatThrownBy(() -> bulk.setId(" ")).hasMessageStartingWith("id: ' ' is not allowed, it must name");
    }

    /** A member of a member has the same name, which is none of its business. */
    private static Map<String, Object> row(String name, Object id) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("by", Map.of("id", 7));
        row.put(name, id);
        return row;
    }
}
