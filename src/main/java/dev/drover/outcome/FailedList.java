package dev.drover.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A service that lists the records that failed, by index or id, at a configured place of its answer. The other records
 * are stored, even if the status is 400. If a success has no list, the whole batch is accepted; if another answer has
 * none, no record is.
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
            return StatusOnly.of(answer, bodies.size());
        }
        if (!failed.isArray()) {
            throw new UnreadableAnswerException("the answer has no list at " + options.items());
        }
        List<Fate> fates = new ArrayList<>(Collections.nCopies(bodies.size(), Fate.ACCEPTED));
        RecordIds ids = options.id().matches() ? null : new RecordIds(bodies, options.recordId());
        for (JsonNode item : failed) {
            Fate fate = options.failure(item);
            for (int record : ids == null
                    ? List.of(Items.place(item.isObject() ? item.at(options.index()) : item, bodies.size()))
                    : ids.withId(item.isObject() ? item.at(options.id()) : item)) {
                fates.set(record, fate);
            }
        }
        return fates;
    }
}
