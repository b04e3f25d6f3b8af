package dev.drover.bench.receiver;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Finds the number behind each {@code "id":} of one connection. A body comes in parts, which may end within a number,
 * with those of other connections between them. Not thread-safe.
 */
final class IdFinder {

    private static final byte[] ID = "\"id\":".getBytes(StandardCharsets.US_ASCII);

    private int matched;
    private long id = -1;

    void find(byte[] part, int from, int to, BitSet seen) {
        for (int i = from; i < to; i++) {
            byte next = part[i];
            if (matched == ID.length) {
                digit(next, seen);
            } else {
                matched = next == ID[matched] ? matched + 1 : next == ID[0] ? 1 : 0;
            }
        }
    }

    private void digit(byte next, BitSet seen) {
        if (next >= '0' && next <= '9') {
            id = Math.max(id, 0) * 10 + next - '0';
            return;
        }
        if (id >= 0) {
            seen.set(Math.toIntExact(id));
        }
        id = -1;
        matched = 0;
    }
}
