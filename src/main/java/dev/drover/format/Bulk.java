package dev.drover.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.drover.batch.RecordJson;
import dev.drover.ledger.Cursor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * The {@code _bulk} request of Elasticsearch and OpenSearch: two lines for each record, the action with the id of the
 * document and the document itself, each terminated by LF. The URL of the request names the index.
 *
 * <p>The id is a field of the record. So a record that is sent again replaces its own document ({@code index},
 * {@code update}) or gets a 409 ({@code create}), and is never stored twice. A record must be an object. It is refused if
 * its id is null, not a single value or longer than 512 bytes. A missing field is a mistake in the route and keeps the
 * batch. See {@link BatchFormat} for the rest.
 *
 * <p>The action {@code change} is for the records of a change log: {@code index} with the row for an upsert, {@code delete}
 * for a delete. The id is a column of the key. The number of the change is the version of the document, so that a request
 * that arrives late gets a 409 and replaces nothing newer.
 */
public final class Bulk extends BatchFormat {

    private static final JsonFactory JSON = new JsonFactory();
    /** The longest id that these services accept, in bytes. */
    private static final int LONGEST_ID = 512;

    private Action action = Action.INDEX;
    private String id = "id";

    /** The action for a document. */
    private enum Action {
        INDEX("", ""),
        CREATE("", ""),
        UPDATE("{\"doc\":", ",\"doc_as_upsert\":true}"),
        CHANGE("", "");

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
     * The action for each document: {@code index}, the default, stores it or replaces the document with its id;
     * {@code create} stores it unless its id exists; {@code update} stores it or changes the fields in it; {@code change}
     * stores or deletes it by the operation of a change.
     *
     * @throws IllegalArgumentException if the action is unknown
     */
    public void setAction(String action) {
        for (Action known : Action.values()) {
            if (known.text().equals(action)) {
                this.action = known;
                return;
            }
        }
        throw new IllegalArgumentException(
                "action: '" + action + "' is not allowed, it must be one of index, create, update, change");
    }

    /** The field of a record as sent that is the id of its document; {@code id} by default. */
    public void setId(String id) {
        if (id.isBlank()) {
            throw new IllegalArgumentException("id: '" + id
                    + "' is not allowed, it must name the field of a record that is the id of its document");
        }
        this.id = id;
    }

    @Override
    String contentType() {
        return "application/x-ndjson";
    }

    @Override
    void write(Exchange exchange, List<?> records, OutputStream out) throws IOException {
        for (Object record : records) {
            if (action == Action.CHANGE) {
                writeChange(record, out);
                continue;
            }
            byte[] document = RecordJson.of(record);
            String line = "{\"" + action.text() + "\":{\"_id\":" + RecordJson.quoted(idOf(document)) + "}}\n";
            out.write((line + action.before).getBytes(StandardCharsets.UTF_8));
            out.write(document);
            out.write((action.after + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void writeChange(Object record, OutputStream out) throws IOException {
        if (!(record instanceof Map<?, ?> change) || change.get("operation") == null || change.get("key") == null) {
            throw new IllegalStateException(
                    "a record is not a change: the action change needs a pipeline with changes: true");
        }
        Object row = change.get("row");
        String line = "{\"" + (row == null ? "delete" : "index") + "\":{\"_id\":"
                + RecordJson.quoted(idOf(RecordJson.of(change.get("key")))) + ",\"version\":"
                + change.get(Cursor.CHANGE_ID)
                + ",\"version_type\":\"external_gte\"}}\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
        if (row != null) {
            out.write(RecordJson.of(row));
            out.write('\n');
        }
    }

    /** Reads the id from the written record, because only there it has its exact text. */
    private String idOf(byte[] document) throws IOException {
        try (JsonParser json = JSON.createParser(document)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw RecordJson.refused("a document must be an object, not an array");
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
                + " or set the option id of the format to another field");
    }

    private String checked(JsonToken value, String text) throws IOException {
        if (value.isStructStart() || value == JsonToken.VALUE_NULL || text.isEmpty()) {
            throw RecordJson.refused("field " + id + " is not a document id: it is empty, an object or an array");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_ID) {
            throw RecordJson.refused("field " + id + " is longer than the longest id, " + LONGEST_ID + " bytes");
        }
        return text;
    }
}
