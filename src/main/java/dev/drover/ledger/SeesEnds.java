package dev.drover.ledger;

/** A strategy that sees every record of a page end: the split of a pipeline needs one. */
public interface SeesEnds {}
