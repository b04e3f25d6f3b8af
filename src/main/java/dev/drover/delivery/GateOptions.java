package dev.drover.delivery;

import java.time.Duration;
import java.util.Set;

/**
 * How a gate closes and opens.
 *
 * @param longestPause the longest pause that a destination may ask for
 * @param closeAfter of how many attempts half must have failed for the gate to close; 0 for never
 * @param longestClosed how long a closed gate waits at most before its next attempt
 * @param finalStatuses failures that say something of the batch and not of the destination
 */
record GateOptions(Duration longestPause, int closeAfter, Duration longestClosed, Set<Integer> finalStatuses) {

    static final GateOptions DEFAULT = new GateOptions(Duration.ofMinutes(5), 10, Duration.ofSeconds(30), Set.of());

    GateOptions withLongestPause(Duration pause) {
        return new GateOptions(pause, closeAfter, longestClosed, finalStatuses);
    }

    GateOptions withCloseAfter(int attempts) {
        return new GateOptions(longestPause, attempts, longestClosed, finalStatuses);
    }

    GateOptions withLongestClosed(Duration closed) {
        return new GateOptions(longestPause, closeAfter, closed, finalStatuses);
    }

    GateOptions withFinalStatuses(Set<Integer> statuses) {
        return new GateOptions(longestPause, closeAfter, longestClosed, statuses);
    }
}
