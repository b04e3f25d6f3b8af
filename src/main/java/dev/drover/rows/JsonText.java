package dev.drover.rows;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The text of a JSON column, embedded as it is when a record is written as JSON. Line ends become blanks: in valid
 * JSON they only occur between tokens, and a record has to fit on one line of NDJSON.
 *
 * @param text valid JSON, as checked by the database
 */
public record JsonText(@JsonValue @JsonRawValue String text) {

    public JsonText {
        text = text.replace('\n', ' ').replace('\r', ' ');
    }

    /** The JSON itself. */
    @Override
    public String toString() {
        return text;
    }
}
