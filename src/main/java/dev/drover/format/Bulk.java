package dev.drover.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.drover.batch.RecordJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;

/**
 * The {@code _bulk} request of Elasticsearch and OpenSearch: two lines for each record, the action with the id of its
 * document and the document, each ended by LF. The index stands in the address of the request.
 *
 * <p>The id is a field of the record, so a record that is sent a second time finds its own document again: it replaces it
 * ({@code index}, {@code update}) or is answered with 409 ({@code create}), but is never stored twice. A record must be
 * an object. One whose id is null, no single value or longer than 512 bytes is refused; a field that is not there at all
 * is a mistake in the route and keeps the batch. See {@link BatchFormat} for what else holds.
 */
public final class Bulk extends BatchFormat {

    private static final JsonFactory JSON = new JsonFactory();
    /** The longest id that these services take. */
    private static final int LONGEST_ID = 512;

    private Action action = Action.INDEX;
    private String id = "id";

    /** What is done with a document; nothing of it deletes one. */
    private enum Action {
        INDEX("", ""),
        CREATE("", ""),
        UPDATE("{\"doc\":", ",\"doc_as_upsert\":true}");

        private final String before;
        private final String after;

        Action(String before, String after) {
            this.before = before;
            this.after = after;
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is done with each document: {@code index}, the default, stores it or replaces the one with its id;
     * {@code create} stores it unless there is one; {@code update} stores it or changes the fields that it has.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public void setAction(String action) {
        for (Action known : Action.values()) {
            if (known.text().equals(action)) {
                this.action = known;
                return;
            }
        }
        throw new IllegalArgumentException(
                "action: '" + action + "' is not allowed, it must be one of index, create, update");
    }

    public String getAction() {
        return action.text();
    }

    /** The field of a record, as it is sent, that is the id of its document; {@code id} by default. */
    public void setId(String id) {
        if (id.isBlank()) {
            throw new IllegalArgumentException("id: '" + id
                    + "' is not allowed, it must name the field of a record that is the id of its document");
        }
        this.id = id;
    }

    public String getId() {
        return id;
    }

    @Override
    String contentType() {
        return "application/x-ndjson";
    }

    @Override
    void write(Exchange exchange, List<?> records, OutputStream out) throws IOException {
        for (Object record : records) {
            byte[] document = RecordJson.of(record);
            String line = "{\"" + action.text() + "\":{\"_id\":" + RecordJson.quoted(idOf(document)) + "}}\n";
            out.write((line + action.before).getBytes(StandardCharsets.UTF_8));
            out.write(document);
            out.write((action.after + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Read from the written record, as only there the id has its exact text. */
    private String idOf(byte[] document) throws IOException {
        try (JsonParser json = JSON.createParser(document)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw RecordJson.refused("a document is made of an object, not of an array");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isId = json.currentName().equals(id);
                JsonToken value = json.nextToken();
                if (isId) {
                    return checked(value, json.getText());
                }
                json.skipChildren();
            }
        }
        throw new IllegalStateException("a record has no field " + id + ", which is the id of its document: select it,"
                + " or name another one by id at the bean of the format");
    }

    private String checked(JsonToken value, String text) throws IOException {
        if (value.isStructStart() || value == JsonToken.VALUE_NULL || text.isEmpty()) {
            throw RecordJson.refused("field " + id + " is no id of a document: it is empty, an object or an array");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_ID) {
            throw RecordJson.refused("field " + id + " is longer than an id may be, which is " + LONGEST_ID + " bytes");
        }
        return text;
    }
}
