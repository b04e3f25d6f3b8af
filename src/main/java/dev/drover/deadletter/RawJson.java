package dev.drover.deadletter;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * One JSON value as text, which a marshaller writes as it is, byte for byte.
 *
 * @param text valid JSON
 */
record RawJson(@JsonValue @JsonRawValue String text) {

    private static final JsonFactory JSON = new JsonFactory();

    /** Whether the text is one complete JSON value and nothing else. */
    static boolean isValid(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
