package dev.drover.ledger;

/** The end of a row. */
public enum Fate {
    /** A destination has accepted it. */
    DELIVERED,
    /** A step filtered it out. */
    FILTERED,
    /** It was set aside as a dead letter. */
    DEAD_LETTERED,
    /** It is not settled and will be read again. */
    LEFT
}
