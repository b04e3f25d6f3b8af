package dev.drover.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A service that answers 207 with one item for each record, each with a status of its own: in the order of the records,
 * or told apart by ids. Any other success accepts the whole batch.
 */
final class MultiStatus implements Policy {

    private static final int MULTI_STATUS = 207;

    private final PolicyOptions options;

    MultiStatus(PolicyOptions options) {
        this.options = options;
    }

    @Override
    public List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        if (answer.status() != MULTI_STATUS) {
            return Collections.nCopies(bodies.size(), Fate.ACCEPTED);
        }
        List<JsonNode> items = Items.of(answer.json().at(options.items()), bodies.size());
        RecordIds ids = options.id().matches() ? null : new RecordIds(bodies, options.recordId());
        Fate[] fates = new Fate[bodies.size()];
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            Fate fate = ItemStatus.fate(
                    Items.status(item.at(options.status())), Items.text(item.at(options.reason())), options.conflict());
            for (int record : ids == null ? List.of(i) : ids.withId(item.at(options.id()))) {
                fates[record] = fate;
            }
        }
        if (Arrays.asList(fates).contains(null)) {
            throw new UnreadableAnswerException("the answer names a record twice and another not at all");
        }
        return List.of(fates);
    }
}
