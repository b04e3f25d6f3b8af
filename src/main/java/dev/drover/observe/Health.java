package dev.drover.observe;

import java.time.Duration;

/** When a pipeline counts as not ready: the bean {@code health}. Set up before the routes start. */
public final class Health {

    /** The name of the bean. */
    static final String BEAN = "health";

    private static final long LEAST = 1000;

    private Duration stalledAfter = Duration.ofSeconds(8);

    /**
     * For how long nothing of what is in flight may be settled.
     *
     * @param millis milliseconds, at least 1000; 8000 by default
     */
    public void setStalledAfter(long millis) {
        if (millis < LEAST) {
            throw new IllegalArgumentException("stalledAfter: must be at least " + LEAST + ", not " + millis);
        }
        stalledAfter = Duration.ofMillis(millis);
    }

    public long getStalledAfter() {
        return stalledAfter.toMillis();
    }

    Duration stalled() {
        return stalledAfter;
    }
}
