package dev.drover.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The contract of batch consumers of AWS Lambda: {@code {"batchItemFailures": [{"itemIdentifier": ...}]}} names the
 * records that failed, by their ids, for a reason that may pass. A list that is empty, null or absent from an object, and
 * an empty body, mean success; an identifier that is empty or unknown means that the whole batch failed.
 */
final class BatchItemFailures implements Policy {

    private final PolicyOptions options;

    BatchItemFailures(PolicyOptions options) {
        this.options = options;
    }

    @Override
    public List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        if (answer.isSuccess() && answer.body().isBlank()) {
            return StatusOnly.of(answer, bodies.size());
        }
        JsonNode root = answer.json();
        JsonNode failures = root.path("batchItemFailures");
        boolean readable = failures.isArray() || failures.isNull() || failures.isMissingNode();
        boolean answered = root.isObject() || root.isNull();
        if (!readable || !answered) {
            throw new UnreadableAnswerException("the answer has no batchItemFailures");
        }
        if (failures.isEmpty()) {
            return StatusOnly.of(answer, bodies.size());
        }
        List<Fate> fates = new ArrayList<>(Collections.nCopies(bodies.size(), Fate.ACCEPTED));
        RecordIds ids = new RecordIds(bodies, options.recordId());
        for (JsonNode failure : failures) {
            for (int record : ids.withId(failure.path("itemIdentifier"))) {
                fates.set(record, failed(attempt));
            }
        }
        return fates;
    }

    private Fate failed(int attempt) {
        return options.attempts() > 0 && attempt >= options.attempts()
                ? Fate.refused(0, "not accepted in " + attempt + " attempts")
                : Fate.retried(0, "named in batchItemFailures");
    }
}
