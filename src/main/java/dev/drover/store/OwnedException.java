package dev.drover.store;

import java.time.Duration;

/** Another process owns or leads the pipeline now; nothing was changed. */
public final class OwnedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final Duration left;

    /**
     * Refuses a pipeline to this process.
     *
     * @param left how long the lease of the owner still runs, zero if that is not known
     */
    public OwnedException(String reason, Duration left) {
        super(reason, null, false, false);
        this.left = left;
    }

    /** How long its lease still runs, unless it is renewed. */
    public Duration left() {
        return left;
    }
}
