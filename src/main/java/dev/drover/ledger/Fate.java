package dev.drover.ledger;

/** What became of a row. */
public enum Fate {
    /** A destination has accepted it. */
    DELIVERED,
    /** It ended in the route and was sent nowhere. */
    FILTERED,
    /** It was set aside. */
    DEAD_LETTERED,
    /** Nothing: it is read again. */
    LEFT
}
