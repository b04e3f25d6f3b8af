package dev.drover.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A cursor as JSON, with the type of each value, so that it comes back exactly:
 * {@code [{"column":"id","type":"long","value":"10030"}]}. Thread-safe.
 */
public final class CursorJson {

    // Only ASCII is written, so that the text survives any character set of the store.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CursorJson() {}

    /**
     * The text of a cursor.
     *
     * @throws IllegalArgumentException if a value is of a type that cannot be kept, naming the column and the type
     */
    public static String write(Cursor cursor) {
        ArrayNode json = JSON.createArrayNode();
        for (int i = 0; i < cursor.columns().size(); i++) {
            Object value = cursor.values().get(i);
            String column = cursor.columns().get(i);
            KeyType<?> type = KeyType.of(value)
                    .orElseThrow(() -> new IllegalArgumentException("key column " + column + " is read as "
                            + value.getClass().getName() + ", which a checkpoint cannot keep"));
            json.addObject().put("column", column).put("type", type.name()).put("value", type.write(value));
        }
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a cursor of texts must be writable", e);
        }
    }

    /**
     * The cursor of a text.
     *
     * @param pipeline whose checkpoint it is, for the message
     * @throws IllegalStateException if the text is corrupt; the message and its causes hold nothing of the text
     */
    public static Cursor read(String pipeline, String text) {
        try {
            return read(text);
        } catch (KeyType.OtherZoneException e) {
            throw new IllegalStateException("the checkpoint of pipeline " + pipeline + " " + e.getMessage());
        } catch (IllegalStateException e) {
            throw new IllegalStateException("the checkpoint of pipeline " + pipeline + " " + e.getMessage()
                    + ": restore drover_checkpoint.cursor_json from a backup, or let"
                    + " the pipeline begin again with drover checkpoint reset " + pipeline);
        }
    }

    /**
     * The cursor of a text.
     *
     * @throws IllegalStateException if the text is corrupt, or of another time zone: a message for a sentence that
     *     begins with what the text stands for; it and its causes hold nothing of the text
     */
    public static Cursor read(String text) {
        try {
            List<String> columns = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            for (JsonNode part : JSON.readTree(text)) {
                columns.add(textOf(part, "column"));
                values.add(KeyType.named(textOf(part, "type")).read(textOf(part, "value")));
            }
            return new Cursor(columns, values);
        } catch (KeyType.OtherZoneException e) {
            throw e;
        } catch (JsonProcessingException | RuntimeException e) {
            // The cause is left out on purpose: its message would quote the text, which holds values of a row.
            throw new IllegalStateException("is corrupt (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static String textOf(JsonNode part, String field) {
        JsonNode value = part.get(field);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("no text in field " + field);
        }
        return value.textValue();
    }
}
