package dev.drover.ledger;

/**
 * An attempt to deliver a batch that failed, and is made again.
 *
 * @param batch the identity of what was sent: the batch, or the part of it that is left after it was halved
 * @param number how many attempts with the same batch have failed, from 1
 * @param reason what the destination answered, or why it could not be reached
 */
public record FailedAttempt(String batch, int number, String reason) {}
