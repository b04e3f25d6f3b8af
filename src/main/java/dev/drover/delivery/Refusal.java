package dev.drover.delivery;

import dev.drover.batch.Batch;

/**
 * A record of a batch that an answer refused by itself.
 *
 * @param record as a batch of its own
 * @param status that the answer gave it; 0 if it gave none
 * @param reason in the words of the answer, perhaps empty
 */
public record Refusal(Batch record, int status, String reason) {}
