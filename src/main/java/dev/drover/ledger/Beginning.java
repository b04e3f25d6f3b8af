package dev.drover.ledger;

/** The first step of a route whose records another component reads. The path of a record begins with it. */
public interface Beginning {}
