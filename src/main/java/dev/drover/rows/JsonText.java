package dev.drover.rows;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/**
 * The text of a JSON column, which is embedded unchanged in the JSON of a record. Line ends become blanks: they only occur
 * between tokens of valid JSON, and a record must fit on one line of NDJSON.
 *
 * @param text valid JSON
 */
public record JsonText(@JsonValue @JsonRawValue String text) {

    private static final JsonFactory STRICT = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    public JsonText {
        text = text.replace('\n', ' ').replace('\r', ' ');
    }

    /** Whether a text is exactly one JSON value. */
    static boolean isJson(String text) {
        int values = 0;
        try (JsonParser parser = STRICT.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (parser.getParsingContext().inRoot()) {
                    values++;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return values == 1;
    }

    @Override
    public String toString() {
        return text;
    }
}
