package dev.drover.ledger;

/** Why a batch was closed. */
public enum Close {
    /** It has as many records as it may have. */
    RECORDS,
    /** One more record would make it too large. */
    BYTES,
    /** It was collected for as long as it may be. */
    AGE,
    /** Nothing more is to be waited for: the source is drained, the window is full, or the route stops. */
    REMAINDER
}
