package dev.drover.ledger;

/**
 * A failed attempt to deliver a batch, which will be repeated.
 *
 * @param batch the id of the batch or of the part that was sent
 * @param number the number of failed attempts with this batch, counted from 1
 * @param reason the answer of the destination, or why it could not be reached
 */
public record FailedAttempt(String batch, int number, String reason) {}
