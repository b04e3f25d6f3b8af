package dev.drover.ledger;

/** A bean that takes a batch of one record only: an aggregate whose batches come to it needs a size of 1. */
public interface OneRecord {}
