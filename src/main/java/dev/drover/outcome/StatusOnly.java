package dev.drover.outcome;

import java.util.Collections;
import java.util.List;

/** A service whose status is all: a success accepts the whole batch. */
final class StatusOnly implements Policy {

    @Override
    public List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        if (!answer.isSuccess()) {
            throw new UnreadableAnswerException("status " + answer.status() + " is no success");
        }
        return Collections.nCopies(bodies.size(), Fate.ACCEPTED);
    }
}
