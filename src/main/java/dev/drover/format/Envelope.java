package dev.drover.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.batch.RecordJson;
import dev.drover.config.CheckedBean;
import dev.drover.config.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * One JSON object around the batch: {@code {"records":[...]}}, with optional other fields before the records. See
 * {@link BatchFormat} for the allowed records.
 */
public final class Envelope extends BatchFormat implements CheckedBean {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private String name = "records";
    private ObjectNode members = JSON.createObjectNode();
    private byte[] head = head();

    /** The field with the array of records; {@code records} by default. */
    public void setName(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "name: '" + name + "' is not allowed, it must name the field of the envelope with the records");
        }
        this.name = name;
        head = head();
    }

    /** Other fields of the object as JSON: {@code {"source":"shop","version":1}}; none by default. */
    public void setMembers(String members) {
        try {
            JsonNode json = JSON.readTree(members);
            if (!(json instanceof ObjectNode object)) {
                throw new IllegalArgumentException(notMembers(members));
            }
            this.members = object;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(notMembers(members));
        }
        head = head();
    }

    private static String notMembers(String members) {
        return "members: '" + members + "' is not allowed, it must be a JSON object such as {\"source\":\"shop\"}";
    }

    private byte[] head() {
        String others = members.toString();
        String before = members.isEmpty() ? "{" : others.substring(0, others.length() - 1) + ",";
        return (before + RecordJson.quoted(name) + ":[").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<Problem> problems() {
        return members.has(name)
                ? List.of(new Problem("members", "'" + name + "' is the field with the records; choose another name"))
                : List.of();
    }

    @Override
    String contentType() {
        return "application/json";
    }

    @Override
    void write(Exchange exchange, List<?> records, OutputStream out) throws IOException {
        out.write(head);
        for (int i = 0; i < records.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.write(RecordJson.of(records.get(i)));
        }
        out.write(']');
        out.write('}');
    }
}
