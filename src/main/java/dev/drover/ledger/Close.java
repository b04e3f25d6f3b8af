package dev.drover.ledger;

/** The reason why a batch was closed. */
public enum Close {
    /** It has reached its number of records. */
    RECORDS,
    /** Another record would make it too large. */
    BYTES,
    /** It has reached its age. */
    AGE,
    /** No more records will come for now: the source is drained, the window is full, or the route stops. */
    REMAINDER
}
