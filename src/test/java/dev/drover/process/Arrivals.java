package dev.drover.process;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What arrived at a service, record by record, judged as it comes: nothing may be missing in the end, and the first
 * arrival of a customer's records must be in the order of their ids. Thread-safe.
 */
final class Arrivals {

    private final BitSet seen = new BitSet();
    private final Map<String, Integer> newest = new HashMap<>();
    private final Map<String, Integer> latest = new HashMap<>();
    private long records;
    private int overtaken;
    private int stepsBack;
    private long first;
    private long last;

    synchronized void arrived(int id, String customer) {
        last = System.nanoTime();
        first = records == 0 ? last : first;
        records++;
        Integer before = latest.put(customer, id);
        stepsBack += before != null && before > id ? 1 : 0;
        int highest = newest.merge(customer, id, Math::max);
        overtaken += !seen.get(id) && highest > id ? 1 : 0;
        seen.set(id);
    }

    /** How many different records have arrived. */
    synchronized int distinct() {
        return seen.cardinality();
    }

    synchronized boolean has(int id) {
        return seen.get(id);
    }

    synchronized long records() {
        return records;
    }

    /** How many records arrived again, each time counted. */
    synchronized long duplicates() {
        return records - seen.cardinality();
    }

    /** How many records came for the first time after a later one of their customer. */
    synchronized int overtaken() {
        return overtaken;
    }

    /**
     * How often a record came after a later one of its customer, for the first time or again: whoever repeats what he
     * did not know to be delivered steps back once for each customer. More means that two delivered the same records.
     */
    synchronized int stepsBack() {
        return stepsBack;
    }

    /** Different records for each second between the first arrival and the last. */
    synchronized double perSecond() {
        return seen.cardinality() / ((last - first) / 1e9);
    }
}
