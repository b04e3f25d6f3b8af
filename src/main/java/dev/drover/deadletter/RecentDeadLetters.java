package dev.drover.deadletter;

import dev.drover.ledger.Ledger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * How many of the last records of each running pipeline became dead letters, in this process. Thread-safe; asked only
 * when a record is refused, so that delivery pays nothing for it.
 */
final class RecentDeadLetters {

    /** The share is one of so many records. */
    static final int WINDOW = 1000;

    /** Up to so many of them are set aside whatever their share is: a few records say little. */
    static final int FEW = 100;

    private final Map<Ledger, Deque<Long>> setAsideAfter = new WeakHashMap<>();
    private final Map<Ledger, Long> setAside = new WeakHashMap<>();

    /** Which of its pipeline's dead letters this one is, from 1. */
    synchronized long count(Ledger ledger) {
        return setAside.merge(ledger, 1L, Long::sum);
    }

    /**
     * Counts one more dead letter, unless they are too many then.
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
