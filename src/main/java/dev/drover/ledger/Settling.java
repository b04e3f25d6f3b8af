package dev.drover.ledger;

/** A bean that settles the records of a batch. A route that delivers batches needs one. */
public interface Settling {}
