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
 * The JSON form of a cursor. It has the type of each value, so that the same values are read back:
 * {@code [{"column":"id","type":"long","value":"10030"}]}. Thread-safe.
 */
public final class CursorJson {

    // Writes only ASCII, so that any character set of the store keeps the text.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CursorJson() {}

    /**
     * Writes a cursor.
     *
     * @throws IllegalArgumentException if a checkpoint cannot store the type of a value
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
     * Reads the checkpoint of a pipeline.
     *
     * @param pipeline the name of the pipeline, for the message
     * @throws IllegalStateException if the text is corrupt; neither the message nor its causes quote the text
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
     * Reads a cursor.
     *
     * @throws IllegalStateException if the text is corrupt or was written in another time zone; the message is the rest
     *     of a sentence; neither the message nor its causes quote the text
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
            // Without the cause, whose message would quote the text with values of a row.
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
