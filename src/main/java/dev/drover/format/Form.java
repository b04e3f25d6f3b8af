package dev.drover.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.drover.batch.RecordJson;
import dev.drover.ledger.OneRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import org.apache.camel.Exchange;

/**
 * A lone record as the fields of a form: {@code id=7&name=Ann+Lee}. Each value is its text in JSON, and NULL is empty. The
 * aggregate needs {@code completionSize: 1}; {@code drover lint} and the start check this. A batch of several records is
 * kept and causes an error. A record must be an object without objects or arrays in its fields. See {@link BatchFormat}
 * for the rest.
 */
public final class Form extends BatchFormat implements OneRecord {

    private static final JsonFactory JSON = new JsonFactory();

    @Override
    String contentType() {
        return "application/x-www-form-urlencoded";
    }

    @Override
    void write(Exchange exchange, List<?> records, OutputStream out) throws IOException {
        if (records.size() != 1) {
            throw new IllegalStateException("a form contains one record, and this batch has " + records.size()
                    + ": set completionSize: 1 at the aggregate, or choose another format");
        }
        out.write(form(RecordJson.of(records.get(0))).getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads the written record, because only there each value has its exact text. */
    private static String form(byte[] record) throws IOException {
        StringJoiner fields = new StringJoiner("&");
        try (JsonParser json = JSON.createParser(record)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw RecordJson.refused("a form needs an object, not an array");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                fields.add(encoded(name) + '=' + encoded(value(name, json)));
            }
        }
        return fields.toString();
    }

    private static String value(String name, JsonParser json) throws IOException, JsonProcessingException {
        JsonToken token = json.nextToken();
        if (token.isStructStart()) {
            throw RecordJson.refused(
                    "field " + name + " is an object or an array; a form allows only texts, numbers and true or false");
        }
        return token == JsonToken.VALUE_NULL ? "" : json.getText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
