package dev.drover.credentials;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads on as far as a secret can reach before it hands out what it has read, so that none is missed where two reads
 * meet. As many bytes come out as go in. Not thread-safe.
 */
final class CoveredStream extends InputStream {

    private static final int CHUNK = 8192;

    private final InputStream in;
    private final Cover cover;
    private final byte[] buffer;
    private int next;
    private int covered;
    private int end;
    private boolean ended;

    CoveredStream(InputStream in, Cover cover) {
        this.in = in;
        this.cover = cover;
        this.buffer = new byte[CHUNK + cover.reach()];
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (next == covered) {
            fill();
        }
        if (next == covered) {
            return -1;
        }
        int count = Math.min(length, covered - next);
        System.arraycopy(buffer, next, target, offset, count);
        next += count;
        return count;
    }

    private void fill() throws IOException {
        int kept = Math.max(next - 1, 0); // one more: whether a secret stands by itself depends on what is before it
        System.arraycopy(buffer, kept, buffer, 0, end - kept);
        next -= kept;
        end -= kept;
        while (!ended && end < buffer.length) {
            int count = in.read(buffer, end, buffer.length - end);
            ended = count < 0;
            end += Math.max(count, 0);
        }
        covered = cover.put(buffer, next, ended ? end : end - cover.reach(), end);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
