package dev.drover.outcome;

import java.util.Collections;
import java.util.List;

/** A service whose status is all: a success accepts the whole batch, but 207, which leaves it to the items of the answer. */
final class StatusOnly implements Policy {

    private static final int MULTI_STATUS = 207;

    @Override
    public List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        if (answer.status() == MULTI_STATUS) {
            throw new UnreadableAnswerException("status 207 has a status for each record, and only its items say which"
                    + " are accepted; set one of the policies that read them, such as multi-status or bulk-items");
        }
        return of(answer, bodies.size());
    }

    /** A success accepts all records. */
    static List<Fate> of(Answer answer, int records) throws UnreadableAnswerException {
        if (!answer.isSuccess()) {
            throw new UnreadableAnswerException("status " + answer.status() + " is no success");
        }
        return Collections.nCopies(records, Fate.ACCEPTED);
    }
}
