package dev.drover.store;

import java.time.Duration;

/** Another process owns the pipeline. Nothing was changed. */
public final class OwnedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final Duration left;

    /**
     * Creates the exception.
     *
     * @param left the time until the lease of the owner ends; zero if unknown
     */
    public OwnedException(String reason, Duration left) {
        super(reason, null, false, false);
        this.left = left;
    }

    /** The time until the lease of the owner ends, unless it is renewed. */
    public Duration left() {
        return left;
    }
}
