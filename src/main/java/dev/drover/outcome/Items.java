package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the items of an answer and finds their records. */
final class Items {

    private Items() {}

    /** The items, exactly one for each record. */
    static List<JsonNode> of(JsonNode list, int records) throws UnreadableAnswerException {
        if (!list.isArray()) {
            throw new UnreadableAnswerException("the answer has no list of items where one is expected");
        }
        if (list.size() != records) {
            throw new UnreadableAnswerException(
                    "the answer has " + list.size() + " items for a batch of " + records + " records");
        }
        List<JsonNode> items = new ArrayList<>();
        list.forEach(items::add);
        return items;
    }

    static int status(JsonNode status) throws UnreadableAnswerException {
        return number(status, 100, 599, "an item of the answer has no status where one is expected");
    }

    /** The index of a record, from 0 and below {@code records}. */
    static int index(JsonNode index, int records) throws UnreadableAnswerException {
        return number(index, 0, records - 1, "the answer names a record that is not in the batch");
    }

    private static int number(JsonNode number, int least, int most, String otherwise) throws UnreadableAnswerException {
        if (!number.isIntegralNumber()
                || !number.canConvertToInt()
                || number.intValue() < least
                || number.intValue() > most) {
            throw new UnreadableAnswerException(otherwise);
        }
        return number.intValue();
    }

    /** A reason as text, from any JSON type. */
    static String text(JsonNode reason) {
        if (reason.isMissingNode() || reason.isNull()) {
            return "";
        }
        return reason.isValueNode() ? reason.asText() : reason.toString();
    }

    /** Finds the records of a batch by the ids in an answer. */
    static final class Ids {

        private static final ObjectMapper JSON = new ObjectMapper();

        private final Map<String, List<Integer>> byId = new HashMap<>();

        Ids(List<?> bodies, JsonPointer recordId) throws UnreadableAnswerException {
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
}
