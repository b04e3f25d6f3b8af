package dev.drover.bench.receiver;

import java.util.BitSet;

/**
 * What arrived. A record is an opening brace: those of the benchmark hold no other. With {@code ids} it also notes the
 * ids, to prove that none is missing; runs that are timed do without. Not thread-safe.
 */
final class Counts {

    private final boolean ids;
    private final BitSet seen = new BitSet();
    private long requests;
    private long bytes;
    private long records;

    Counts(boolean ids) {
        this.ids = ids;
    }

    void request() {
        requests++;
    }

    /** Counts a part of a body, whose ids are found by the finder of its connection. */
    void body(byte[] part, int from, int to, IdFinder finder) {
        bytes += to - from;
        int braces = 0;
        for (int i = from; i < to; i++) {
            if (part[i] == '{') {
                braces++;
            }
        }
        records += braces;
        if (ids) {
            finder.find(part, from, to, seen);
        }
    }

    /** {@code requests bytes records distinct}; the last is 0 where ids are not looked at. */
    String text() {
        return requests + " " + bytes + " " + records + " " + seen.cardinality();
    }
}
