package dev.drover.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A service that answers with one item for each record: in the order of the records, or with their ids. An item says
 * what became of its record by its status, or by a member that only failed items or only accepted items have.
 */
final class ItemList implements Policy {

    private static final int MULTI_STATUS = 207;

    private final PolicyOptions options;
    private final boolean only207;

    /**
     * The policy with these options.
     *
     * @param only207 whether only an answer 207 has items, and any other success accepts the whole batch
     */
    ItemList(PolicyOptions options, boolean only207) {
        this.options = options;
        this.only207 = only207;
    }

    @Override
    public List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        if (only207 && answer.status() != MULTI_STATUS) {
            return StatusOnly.of(answer, bodies.size());
        }
        List<JsonNode> items = Items.of(answer.json().at(options.items()), bodies.size());
        RecordIds ids = options.id().matches() ? null : new RecordIds(bodies, options.recordId());
        Fate[] fates = new Fate[bodies.size()];
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            Fate fate = options.fate(item);
            for (int record : ids == null ? List.of(i) : ids.withId(item.at(options.id()))) {
                fates[record] = fate;
            }
        }
        if (Arrays.asList(fates).contains(null)) {
            throw new UnreadableAnswerException("the answer names a record twice and another not at all");
        }
        return Collections.unmodifiableList(Arrays.asList(fates));
    }
}
