package dev.drover.ledger;

/** A bean that accepts only batches of one record. Its aggregate needs a size of 1. */
public interface OneRecord {}
