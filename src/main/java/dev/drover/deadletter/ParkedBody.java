package dev.drover.deadletter;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import dev.drover.store.StoredText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The body of a parked record: a map for expressions, which Jackson writes with the same characters as the body that was
 * parked, so that an attempt before and one after have the same bytes.
 */
final class ParkedBody extends LinkedHashMap<String, Object> implements JsonSerializable {

    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** An escape sequence of JSON. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-f]{4})|.)");

    private final String json;

    private ParkedBody(Map<String, Object> fields, String json) {
        super(fields);
        this.json = json;
    }

    /** The JSON of a body, in ASCII, which every store keeps. */
    static String write(Object body) {
        try {
            return StoredText.asciiJson(JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record that cannot be written as JSON cannot be parked", e);
        }
    }

    /** The body of this JSON; null, a text or a number if it is no object. */
    @SuppressWarnings("unchecked") // an object of JSON
    static Object read(String ascii) {
        try {
            String written = ESCAPE.matcher(ascii).replaceAll(ParkedBody::unescaped);
            String json = StoredText.of(written).equals(written) ? written : ascii; // half a pair stays escaped
            Object body = JSON.readValue(json, Object.class);
            return body instanceof Map<?, ?> fields ? new ParkedBody((Map<String, Object>) fields, json) : body;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a parked record has no JSON any more", e);
        }
    }

    private static String unescaped(MatchResult escape) {
        int unit = escape.group(1) == null ? 0 : Integer.parseInt(escape.group(1), 16);
        return Matcher.quoteReplacement(unit < 0x80 ? escape.group() : String.valueOf((char) unit));
    }

    @Override
    public void serialize(JsonGenerator to, SerializerProvider provider) throws IOException {
        to.writeRawValue(json);
    }

    @Override
    public void serializeWithType(JsonGenerator to, SerializerProvider provider, TypeSerializer type)
            throws IOException {
        serialize(to, provider);
    }
}
