package dev.drover.delivery;

import java.time.Duration;
import java.util.Set;

/**
 * How a gate closes and opens, and what a host may be sent.
 *
 * @param longestPause the longest pause that a destination may ask for
 * @param closeAfter of how many attempts half must have failed for the gate to close; 0 for never
 * @param longestClosed how long a closed gate waits at most before its next attempt
 * @param finalStatuses failures that say something of the batch and not of the destination
 * @param rate how many attempts, or records, a host gets in a time
 * @param concurrency how many attempts a host gets at the same time; 0 for any number, {@link #AUTO}
 */
record GateOptions(
        Duration longestPause,
        int closeAfter,
        Duration longestClosed,
        Set<Integer> finalStatuses,
        Rate rate,
        int concurrency) {

    /** The concurrency that is found out. */
    static final int AUTO = -1;

    static final GateOptions DEFAULT =
            new GateOptions(Duration.ofMinutes(5), 10, Duration.ofSeconds(30), Set.of(), Rate.NONE, 0);

    GateOptions withLongestPause(Duration pause) {
        return new GateOptions(pause, closeAfter, longestClosed, finalStatuses, rate, concurrency);
    }

    GateOptions withCloseAfter(int attempts) {
        return new GateOptions(longestPause, attempts, longestClosed, finalStatuses, rate, concurrency);
    }

    GateOptions withLongestClosed(Duration closed) {
        return new GateOptions(longestPause, closeAfter, closed, finalStatuses, rate, concurrency);
    }

    GateOptions withFinalStatuses(Set<Integer> statuses) {
        return new GateOptions(longestPause, closeAfter, longestClosed, statuses, rate, concurrency);
    }

    GateOptions withRate(Rate most) {
        return new GateOptions(longestPause, closeAfter, longestClosed, finalStatuses, most, concurrency);
    }

    GateOptions withConcurrency(int most) {
        return new GateOptions(longestPause, closeAfter, longestClosed, finalStatuses, rate, most);
    }
}
