package dev.drover.batch;

/** An earlier batch of the lane was given up with unsettled records, and later batches must not overtake it. */
public final class GivenUpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GivenUpException() {
        super("an earlier batch of this lane was given up; this one is read again after a restart", null, false, false);
    }
}
