package dev.drover.outcome;

import java.util.List;

/** The contract of a service: how its answer says what became of each record. Stateless and thread-safe. */
public interface Policy {

    /**
     * Reads an answer. Fails closed: an answer that leaves open what became of a record accepts none of them.
     *
     * @param answer with a status that the route lets through
     * @param bodies the records of the batch as they were sent, in order
     * @param attempt how often these records were sent, 1 for the first time
     * @return what became of each record, in the same order
     * @throws UnreadableAnswerException if it does not say so of every record
     */
    List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException;
}
