package dev.drover.outcome;

/** What 409 means to a record: that the service has it already, that it may be sent again, or that it is refused. */
public enum Conflict {
    ACCEPTED,
    RETRIED,
    REFUSED
}
