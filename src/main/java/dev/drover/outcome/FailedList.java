package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A service that lists the records which it refused, by index or id, at a place of its answer that is configured; the
 * rest is stored, even if the status is 400. No list with a success accepts the whole batch, no list otherwise none.
 */
final class FailedList implements Policy {

    private final PolicyOptions options;

    FailedList(PolicyOptions options) {
        this.options = options;
    }

    @Override
    public List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        JsonNode failed = answer.json().at(options.items());
        if (failed.isMissingNode() || failed.isNull() || (failed.isArray() && failed.isEmpty())) {
            if (!answer.isSuccess()) {
                throw new UnreadableAnswerException("the answer is no success and names no failed record");
            }
            return Collections.nCopies(bodies.size(), Fate.ACCEPTED);
        }
        if (!failed.isArray()) {
            throw new UnreadableAnswerException("the answer has no list at " + options.items());
        }
        List<Fate> fates = new ArrayList<>(Collections.nCopies(bodies.size(), Fate.ACCEPTED));
        RecordIds ids = options.id().matches() ? null : new RecordIds(bodies, options.recordId());
        for (JsonNode item : failed) {
            Fate refused = Fate.refused(0, reason(item));
            for (int record : ids == null
                    ? List.of(index(item, bodies.size()))
                    : ids.withId(item.isObject() ? item.at(options.id()) : item)) {
                fates.set(record, refused);
            }
        }
        return fates;
    }

    private String reason(JsonNode item) {
        return item.isObject() ? Items.text(item.at(options.reason())) : "";
    }

    private int index(JsonNode item, int records) throws UnreadableAnswerException {
        JsonPointer pointer = item.isObject() ? options.index() : JsonPointer.empty();
        JsonNode index = item.at(pointer);
        if (!index.isIntegralNumber()
                || !index.canConvertToInt()
                || index.intValue() < 0
                || index.intValue() >= records) {
            throw new UnreadableAnswerException("the answer names a record that is not in the batch");
        }
        return index.intValue();
    }
}
