package dev.drover.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads the items of an answer and their fields. */
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
}
