package dev.drover.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The list in an answer that has one item for each record, in the order of the records. */
final class Items {

    private Items() {}

    /** The items, as many as there are records. */
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

    /** The status of an item. */
    static int status(JsonNode status) throws UnreadableAnswerException {
        if (!status.isIntegralNumber()
                || !status.canConvertToInt()
                || status.intValue() < 100
                || status.intValue() > 599) {
            throw new UnreadableAnswerException("an item of the answer has no status where one is expected");
        }
        return status.intValue();
    }

    /** A place that an answer names, from 0 and below this number of places. */
    static int place(JsonNode place, int places) throws UnreadableAnswerException {
        if (!place.isIntegralNumber()
                || !place.canConvertToInt()
                || place.intValue() < 0
                || place.intValue() >= places) {
            throw new UnreadableAnswerException("the answer names a record that is not in the batch");
        }
        return place.intValue();
    }

    /** A reason as text, from any type of JSON. */
    static String text(JsonNode reason) {
        if (reason.isMissingNode() || reason.isNull()) {
            return "";
        }
        return reason.isValueNode() ? reason.asText() : reason.toString();
    }
}
