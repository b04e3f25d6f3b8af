package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A service that stores the records of a batch in order and names the place of the first record that it did not store,
 * which is also how many it stored. That record failed; the records after it were not tried. If a success names no
 * place, the whole batch is accepted; if another answer names none, no record is.
 */
final class StoredBefore implements Policy {

    private final PolicyOptions options;

    StoredBefore(PolicyOptions options) {
        this.options = options;
    }

    @Override
    public List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        JsonPointer place = options.index();
        JsonNode root = answer.isSuccess() && answer.body().isBlank() ? null : answer.json();
        if (root == null || root.at(place).isMissingNode() || root.at(place).isNull()) {
            return StatusOnly.of(answer, bodies.size());
        }
        int stored = Items.place(root.at(place), answer.isSuccess() ? bodies.size() + 1 : bodies.size());
        List<Fate> fates = new ArrayList<>(Collections.nCopies(stored, Fate.ACCEPTED));
        if (stored < bodies.size()) {
            fates.add(options.failure(root));
            fates.addAll(Collections.nCopies(bodies.size() - stored - 1, Fate.retried(0, "not tried")));
        }
        return fates;
    }
}
