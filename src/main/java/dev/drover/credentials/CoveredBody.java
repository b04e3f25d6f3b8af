package dev.drover.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** A body in which secrets are covered while it is read. */
final class CoveredBody extends HttpEntityWrapper {

    private final Cover cover;

    CoveredBody(HttpEntity body, Cover cover) {
        super(body);
        this.cover = cover;
    }

    @Override
    public InputStream getContent() throws IOException {
        return stream(super.getContent(), cover);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = getContent()) {
            in.transferTo(out);
        }
    }

    /** The same number of bytes, with secrets covered. */
    static InputStream stream(InputStream in, Cover cover) {
        return new CoveredStream(in, cover);
    }

    /**
     * Reads ahead as far as a secret can reach before it returns a byte, so that it misses no secret where two reads meet.
     * Not thread-safe.
     */
    private static final class CoveredStream extends InputStream {

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
            // the byte before stays: whether a short secret is a whole word depends on it
            int kept = Math.max(next - 1, 0);
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
}
