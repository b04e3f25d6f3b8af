package dev.drover.ledger;

/**
 * A page of which every record is settled; one record, where each is settled by itself.
 *
 * @param last the key of its last row
 * @param rows how many rows it had, at least 1
 */
public record SettledPage(Cursor last, int rows) {}
