package dev.drover.ledger;

/** A bean with which the way of a record begins that another component has read: the first step of its route. */
public interface Beginning {}
