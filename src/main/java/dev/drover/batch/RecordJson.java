package dev.drover.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record as JSON in UTF-8. Thread-safe. */
public final class RecordJson {

    /** The fields that each change has. */
    private static final Set<String> CHANGE = Set.of("change_id", "operation", "key", "row");

    private static final ObjectWriter WRITER = new ObjectMapper().writer();

    private RecordJson() {}

    /**
     * Writes the record on one line. Line ends of embedded JSON become blanks, because they only occur between tokens.
     *
     * @throws JsonProcessingException if the record cannot be written as a JSON object or array; the message names its
     *     class and no value
     */
    public static byte[] of(@Nullable Object record) throws JsonProcessingException {
        String json = WRITER.writeValueAsString(record)
                .replace('\n', ' ')
                .replace('\r', ' ')
                .strip();
        if (!json.startsWith("{") && !json.startsWith("[")) {
            throw refused("a record must become a JSON object or array, not " + kind(record));
        }
        return utf8(json);
    }

    /** What is sent of a record that is alone in its request: the row of a change, null for a delete; else the record. */
    public static @Nullable Object lone(@Nullable Object record) {
        return record instanceof Map<?, ?> change && change.keySet().containsAll(CHANGE) ? change.get("row") : record;
    }

    public static String quoted(String text) {
        try {
            return WRITER.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("any text must be writable", e);
        }
    }

    public static JsonMappingException refused(String reason) {
        return new JsonMappingException(null, reason);
    }

    /**
     * Encodes strictly. Jackson's own UTF-8 writers turn half a surrogate pair into an escape that strict readers refuse.
     * If told to combine pairs, they drop the character after it.
     */
    private static byte[] utf8(String json) throws JsonMappingException {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw refused("a text has half a surrogate pair, which is no character");
        }
    }

    private static String kind(@Nullable Object record) {
        return record == null ? "null" : "a " + record.getClass().getName();
    }
}
