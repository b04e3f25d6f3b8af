package dev.drover.delivery;

import java.time.Duration;

/**
 * How a gate closes and opens.
 *
 * @param longestPause the longest pause that a destination may ask for
 * @param closeAfter of how many attempts half must have failed for the gate to close; 0 for never
 * @param longestClosed how long a closed gate waits at most before its next attempt
 */
record GateOptions(Duration longestPause, int closeAfter, Duration longestClosed) {

    static final GateOptions DEFAULT = new GateOptions(Duration.ofMinutes(5), 10, Duration.ofSeconds(30));

    GateOptions withLongestPause(Duration pause) {
        return new GateOptions(pause, closeAfter, longestClosed);
    }

    GateOptions withCloseAfter(int attempts) {
        return new GateOptions(longestPause, attempts, longestClosed);
    }

    GateOptions withLongestClosed(Duration closed) {
        return new GateOptions(longestPause, closeAfter, closed);
    }
}
