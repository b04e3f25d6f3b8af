package dev.drover.pages;

import java.time.Duration;

/** Doubles a delay with each failure in a row, up to a cap. Not thread-safe. */
final class Backoff {

    private final Duration first;
    private final Duration cap;
    private Duration delay;

    Backoff(Duration first, Duration cap) {
        this.first = first;
        this.cap = cap;
        this.delay = first;
    }

    Duration next() {
        Duration now = delay;
        Duration doubled = delay.multipliedBy(2);
        delay = doubled.compareTo(cap) < 0 ? doubled : cap;
        return now;
    }

    void reset() {
        delay = first;
    }
}
