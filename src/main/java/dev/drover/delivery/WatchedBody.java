package dev.drover.delivery;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.camel.StreamCache;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request. If the connection is closed while the body is sent, the request does not fail, because a service
 * that refuses the body may have answered already. Its answer is read like any other.
 */
final class WatchedBody extends HttpEntityWrapper {

    private static final int PIECE = 1 << 16;

    private @Nullable IOException cut;

    WatchedBody(HttpEntity body) {
        super(body);
    }

    /**
     * Writes large pieces, which the client does not buffer: flushing its buffer would fail before the answer is read. A
     * body in memory is one piece.
     */
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
            if (isStreaming() && getContent() instanceof StreamCache body && body.inMemory()) {
                body.writeTo(watched);
                return;
            }
            BufferedOutputStream pieces = new BufferedOutputStream(watched, PIECE);
            super.writeTo(pieces);
            pieces.flush();
        } catch (IOException e) {
            if (cut == null) {
                throw e;
            }
        }
    }

    /** Whether only a part of the body was sent, so that the service cannot have accepted all of it. */
    boolean isCut() {
        return cut != null;
    }

    /** The failure of the attempt; a {@link BodyCutException} if the body was cut. */
    IOException explained(IOException failure) {
        return isCut() ? new BodyCutException(failure) : failure;
    }

    /** The connection was closed before the whole body was sent, and no answer refused the request. */
    static final class BodyCutException extends IOException {

        private static final long serialVersionUID = 1;

        private BodyCutException(IOException cause) {
            super("the connection was closed while the body was being sent", cause);
        }
    }
}
