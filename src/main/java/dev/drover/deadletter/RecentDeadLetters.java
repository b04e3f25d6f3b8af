package dev.drover.deadletter;

import dev.drover.ledger.Ledger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Counts how many of the last records of each running pipeline became dead letters, in this process. It is asked only
 * when a record is refused, so it costs a delivery nothing. Thread-safe.
 */
final class RecentDeadLetters {

    /** The number of last records whose share counts. */
    static final int WINDOW = 1000;

    /** Up to this number the limit does not hold, because a few records say little. */
    static final int FEW = 100;

    private final Map<Ledger, Deque<Long>> setAsideAfter = new WeakHashMap<>();
    private final Map<Ledger, Long> setAside = new WeakHashMap<>();

    /** Counts a dead letter that was set aside; returns its number in its pipeline, from 1. */
    synchronized long count(Ledger ledger) {
        return setAside.merge(ledger, 1L, Long::sum);
    }

    /**
     * Counts one more dead letter, unless that would exceed the limit.
     *
     * @param percent the largest share of the last records, 0 to 100
     * @return whether it may be set aside
     */
    synchronized boolean admits(Ledger ledger, int percent) {
        long settled = ledger.tally().settled();
        Deque<Long> recent = setAsideAfter.computeIfAbsent(ledger, any -> new ArrayDeque<>());
        while (!recent.isEmpty() && recent.getFirst() <= settled - WINDOW) {
            recent.removeFirst();
        }
        long deadLetters = recent.size() + 1L;
        long records = Math.min(settled + 1, WINDOW);
        if (deadLetters > FEW && deadLetters * 100 > percent * records) {
            return false;
        }
        recent.addLast(settled);
        return true;
    }
}
