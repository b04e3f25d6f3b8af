package dev.drover.delivery;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that goes on when the connection is closed while it is sent: the answer of a service that does
 * not want all of it may be there already, and is read as any other.
 */
final class WatchedBody extends HttpEntityWrapper {

    private static final int PIECE = 1 << 16;

    private @Nullable IOException cut;

    WatchedBody(HttpEntity body) {
        super(body);
    }

    /** In large pieces, which nothing keeps below: what is kept would be sent, and fail, before the answer is read. */
    @Override
    public void writeTo(OutputStream out) throws IOException {
        OutputStream watched = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                try {
                    out.write(bytes, from, length);
                } catch (IOException e) {
                    cut = e;
                    throw e;
                }
            }
        };
        try {
            BufferedOutputStream pieces = new BufferedOutputStream(watched, PIECE);
            super.writeTo(pieces);
            pieces.flush();
        } catch (IOException e) {
            if (cut == null) {
                throw e;
            }
        }
    }

    /** Whether only a part of it was sent, so that nobody can have accepted the whole. */
    boolean isCut() {
        return cut != null;
    }

    /** The failure of the attempt, as one of a body that was cut if it was. */
    IOException explained(IOException failure) {
        return isCut() ? new BodyCutException(failure) : failure;
    }
}
