package dev.drover.rows;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The text of a JSON column, which is embedded unchanged in the JSON of a record. Line ends become blanks: they only occur
 * between tokens of valid JSON, and a record must fit on one line of NDJSON.
 *
 * @param text valid JSON, as checked by the database
 */
public record JsonText(@JsonValue @JsonRawValue String text) {

    public JsonText {
        text = text.replace('\n', ' ').replace('\r', ' ');
    }

    @Override
    public String toString() {
        return text;
    }
}
