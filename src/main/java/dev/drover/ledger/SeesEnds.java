package dev.drover.ledger;

/** A strategy that sees the end of every record of a page. The split of a pipeline needs one. */
public interface SeesEnds {}
