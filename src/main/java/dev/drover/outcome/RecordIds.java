package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the records of a batch by the ids in an answer. */
final class RecordIds {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<Integer>> byId = new HashMap<>();

    RecordIds(List<?> bodies, JsonPointer recordId) throws UnreadableAnswerException {
        for (int i = 0; i < bodies.size(); i++) {
            JsonNode id = json(bodies.get(i)).at(recordId);
            if (!id.isValueNode() || id.isNull()) {
                throw new UnreadableAnswerException(
                        "a record has no id at " + recordId + ", so that the answer cannot be read");
            }
            byId.computeIfAbsent(id.asText(), any -> new ArrayList<>()).add(i);
        }
    }

    private static JsonNode json(Object body) throws UnreadableAnswerException {
        try {
            // as text, because a body may hold raw JSON
            return JSON.readTree(JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new UnreadableAnswerException("a record is not JSON, so that the answer cannot be read");
        }
    }

    /** The indexes of the records with this id; usually one. */
    List<Integer> withId(JsonNode id) throws UnreadableAnswerException {
        List<Integer> records = id.isValueNode() && !id.isNull() ? byId.get(id.asText()) : null;
        if (records == null) {
            throw new UnreadableAnswerException("the answer names a record that is not in the batch");
        }
        return records;
    }
}
