package dev.drover.ledger;

/** A bean that settles the records of a batch: a route that delivers batches needs a step with one. */
public interface Settling {}
