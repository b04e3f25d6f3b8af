package dev.drover.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A record as JSON in UTF-8. Thread-safe. */
public final class RecordJson {

    private static final ObjectWriter WRITER = new ObjectMapper().writer();

    private RecordJson() {}

    /**
     * The record on one line: embedded JSON may have line ends, which in JSON only occur between tokens.
     *
     * @throws JsonProcessingException if it cannot be written as a JSON object or array; names its class, no value
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

    /** The text in quotes, for a part of the JSON that is the same in each request. */
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
     * Jackson's own writers of UTF-8 pass half a surrogate pair on as an escape that strict readers refuse, or, told to
     * combine pairs, swallow the character behind it.
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
