package dev.drover.ledger;

/**
 * A page of which every record is settled.
 *
 * @param last the key of its last row
 * @param rows how many rows it had, at least 1
 */
public record SettledPage(Cursor last, int rows) {}
