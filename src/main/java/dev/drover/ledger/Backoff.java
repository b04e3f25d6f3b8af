package dev.drover.ledger;

import java.time.Duration;

/** Doubles a delay with each failure in a row, up to a cap. Not thread-safe. */
public final class Backoff {

    private final Duration first;
    private final Duration cap;
    private Duration delay;

    /** The first delay, and the longest. */
    public Backoff(Duration first, Duration cap) {
        this.first = first;
        this.cap = cap;
        this.delay = first;
    }

    /** How long to wait now. */
    public Duration next() {
        Duration now = delay;
        Duration doubled = delay.multipliedBy(2);
        delay = doubled.compareTo(cap) < 0 ? doubled : cap;
        return now;
    }

    /** It worked: the next failure is the first again. */
    public void reset() {
        delay = first;
    }
}
