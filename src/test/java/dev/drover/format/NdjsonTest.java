package dev.drover.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NdjsonTest {

    private final Ndjson ndjson = new Ndjson();

    /** An object with getters. */
    record Order(long id, String name) {}

    /** An object with JSON that somebody else wrote. */
    record Document(@JsonRawValue String json) {}

    @Test
    void shouldEndEachLineWithOneLineFeedWhenThereAreSeveralRecords() throws Exception {
        // When
        Marshalled written = Marshalled.by(ndjson, List.of(Map.of("id", 1), Map.of("id", 2)));

        // Then
        assertThat(written.text()).isEqualTo("{\"id\":1}\n{\"id\":2}\n");
        assertThat(written.contentType()).isEqualTo("application/x-ndjson");
    }

    @Test
    void shouldWriteEachValueExactlyWhenItIsLongPreciseNullOrBeyondTheBasicPlane() throws Exception {
        // Given
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", Long.MAX_VALUE);
        row.put("amount", new BigDecimal("12345678901234567890.1230"));
        row.put("gone", null);
        row.put("text", "é \uD83D\uDE00 \"q\" \\ \n");

        // When
        Marshalled written = Marshalled.by(ndjson, List.of(row));

        // Then
        assertThat(written.text())
                .isEqualTo("{\"id\":9223372036854775807,\"amount\":12345678901234567890.1230,\"gone\":null,"
                        + "\"text\":\"é \uD83D\uDE00 \\\"q\\\" \\\\ \\n\"}\n");
    }

    @Test
    void shouldWriteWhateverTheStepsMadeWhenItIsAnObjectOrAnArray() throws Exception {
        // Given
        List<Object> records = List.of(new Order(1, "a"), List.of(2, "b"), new ObjectMapper().readTree("{\"id\": 3}"));

        // When
        Marshalled written = Marshalled.by(ndjson, records);

        // Then
        assertThat(written.text()).isEqualTo("{\"id\":1,\"name\":\"a\"}\n[2,\"b\"]\n{\"id\":3}\n");
    }

    @Test
    void shouldKeepARecordOnItsLineWhenEmbeddedJsonHasLineEnds() throws Exception {
        // When
        Marshalled written = Marshalled.by(ndjson, List.of(new Document("{\r\n \"a\": 1\n}")));

        // Then
        assertThat(written.text()).isEqualTo("{\"json\":{   \"a\": 1 }}\n");
    }

    @Test
    void shouldWriteOneLineWhenARouteHasNoBatch() throws Exception {
        // Then
        assertThat(Marshalled.by(ndjson, Map.of("id", 1)).text()).isEqualTo("{\"id\":1}\n");
        assertThat(Marshalled.by(ndjson, Set.of(Map.of("id", 1))).text()).isEqualTo("{\"id\":1}\n");
    }

    static Stream<Object> unwritable() {
        return Stream.of(
                "{\"id\":1}",
                7,
                new byte[] {'{', '}'},
                new ByteArrayInputStream(new byte[0]),
                Map.of("text", "half a pair \uD83D"),
                Map.of("text", "half a pair \uD83D in the middle"),
                Map.of("any", new Object()));
    }

    @ParameterizedTest
    @MethodSource("unwritable")
    void shouldRefuseTheRecordWhenItCanNotBeWrittenAsJson(Object record) {
        // Then
        assertThatThrownBy(() -> Marshalled.by(ndjson, List.of(Map.of("id", 1), record)))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageNotContaining("half a pair");
    }

    @Test
    void shouldNameTheClassWhenARecordIsNotAnObject() {
        // Then
        assertThatThrownBy(() -> Marshalled.by(ndjson, List.of("{}")))
                .hasMessage("a record must become a JSON object or array, not a java.lang.String");
        assertThatThrownBy(() -> Marshalled.by(ndjson, Arrays.asList(Map.of("id", 1), null)))
                .hasMessage("a record must become a JSON object or array, not null");
    }

    @Test
    void shouldKeepTheBatchWhenItsBodyIsGone() {
        // Then
        assertThatThrownBy(() -> Marshalled.by(ndjson, List.of())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Marshalled.by(ndjson, (Object) null)).isInstanceOf(IllegalStateException.class);
    }
}
