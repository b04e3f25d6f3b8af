package dev.drover.bench.receiver;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * What arrived. A record is an opening brace: those of the benchmark hold no other. With {@code ids} it also finds the
 * number behind each {@code "id":}, to prove that none is missing; runs that are timed do without. Not thread-safe.
 */
final class Counts {

    private static final byte[] ID = "\"id\":".getBytes(StandardCharsets.US_ASCII);

    private final boolean ids;
    private final BitSet seen = new BitSet();
    private long requests;
    private long bytes;
    private long records;
    private int matched;
    private long id = -1;

    Counts(boolean ids) {
        this.ids = ids;
    }

    void request() {
        requests++;
    }

    /** Counts a part of a body; a record may end in the next one. */
    void body(byte[] part, int from, int to) {
        bytes += to - from;
        int braces = 0;
        for (int i = from; i < to; i++) {
            if (part[i] == '{') {
                braces++;
            }
        }
        records += braces;
        if (ids) {
            find(part, from, to);
        }
    }

    private void find(byte[] part, int from, int to) {
        for (int i = from; i < to; i++) {
            byte next = part[i];
            if (id >= 0 || matched == ID.length) {
                digit(next);
            } else {
                matched = next == ID[matched] ? matched + 1 : next == ID[0] ? 1 : 0;
            }
        }
    }

    private void digit(byte next) {
        if (next >= '0' && next <= '9') {
            id = Math.max(id, 0) * 10 + next - '0';
        } else if (next != ' ') {
            if (id >= 0) {
                seen.set(Math.toIntExact(id));
            }
            id = -1;
            matched = 0;
        }
    }

    /** {@code requests bytes records distinct}; the last is 0 where ids are not looked at. */
    String text() {
        return requests + " " + bytes + " " + records + " " + seen.cardinality();
    }
}
