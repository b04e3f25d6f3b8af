package dev.drover.ledger;

import java.time.Duration;

/** A delay that doubles with each consecutive failure, up to a cap. Not thread-safe. */
public final class Backoff {

    private final Duration first;
    private final Duration cap;
    private Duration delay;

    public Backoff(Duration first, Duration cap) {
        this.first = first;
        this.cap = cap;
        this.delay = first;
    }

    /** The delay after this failure. */
    public Duration next() {
        Duration now = delay;
        Duration doubled = delay.multipliedBy(2);
        delay = doubled.compareTo(cap) < 0 ? doubled : cap;
        return now;
    }

    /** Begins again with the first delay, after a success. */
    public void reset() {
        delay = first;
    }
}
