package dev.drover.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.ledger.Cursor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key of a row in a change that was sent. */
class ChangeReaderTest {

    private static final List<String> KEY = List.of("shop", "id");

    @Test
    void shouldFindTheKeyOfAChangeThatWasSent() {
        // When
        Optional<Cursor> key = ChangeReader.sentKey(
                "{\"change_id\": 1, \"key\": {\"shop\": \"007\", \"id\": 9223372036854775807}, \"row\": null}", KEY);

        // Then
        assertThat(key).contains(new Cursor(KEY, List.of("007", Long.MAX_VALUE)));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "text",
                "[1]",
                "{}",
                "{\"key\": 7}",
                "{\"key\": {\"id\": 7}}",
                "{\"key\": {\"shop\": null, \"id\": 7}}",
                "{\"key\": {\"shop\": \"a\", \"id\": 7.0}}",
                "{\"key\": {\"shop\": \"a\", \"id\": 9223372036854775808}}",
                "{\"key\": {\"shop\": {}, \"id\": 7}}"
            })
    void shouldFindNoKeyWhenThePayloadHasNone(String payload) {
        // Then
        assertThat(ChangeReader.sentKey(payload, KEY)).isEmpty();
    }
}
