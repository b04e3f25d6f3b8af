package dev.drover.delivery;

import java.time.Duration;
import java.util.Set;

/** How a gate closes and opens, and what a host may be sent. Set up by one thread before the routes start. */
final class GateOptions {

    /** The concurrency that is found out. */
    static final int AUTO = -1;

    /** The longest pause that a destination may ask for. */
    Duration longestPause = Duration.ofMinutes(5);

    /** Of how many attempts half must have failed for the gate to close; 0 for never. */
    int closeAfter = 10;

    /** How long a closed gate waits at most before its next attempt. */
    Duration longestClosed = Duration.ofSeconds(30);

    /** Failures that say something of the batch and not of the destination. */
    Set<Integer> finalStatuses = Set.of();

    /** How many attempts, or records, a host gets in a time. */
    Rate rate = Rate.NONE;

    /** How many attempts a host gets at the same time; 0 for any number, {@link #AUTO}. */
    int concurrency;
}
