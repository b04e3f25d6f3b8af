package dev.drover.delivery;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Gives up a used connection on which more arrived than the answer to its last request: a second answer, or a body that
 * is longer than announced. It would be read as the answer to the next request, and could accept a batch that the service
 * refuses. Thread-safe.
 */
final class UnaskedAnswer extends HttpRequestExecutor implements ExecChainHandler {

    /** The shortest time that a socket can wait. */
    private static final Timeout SHORTEST = Timeout.ofMilliseconds(1);

    /** Nothing of the request was sent. */
    private static final class NotSentException extends IOException {

        private static final long serialVersionUID = 1;
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request,
            HttpClientConnection connection,
            @Nullable HttpResponseInformationCallback callback,
            HttpContext context)
            throws IOException, HttpException {
        if (connection.getEndpointDetails().getRequestCount() > 0 && hasMore(connection)) {
            throw new NotSentException();
        }
        return super.execute(request, connection, callback, context);
    }

    /**
     * Whether something has arrived on a connection that waits for nothing. Encrypted data is known only by reading it, which
     * takes a millisecond if there is none. Without encryption, the body of an answer without a length shows what is there.
     */
    private static boolean hasMore(HttpClientConnection connection) throws IOException, HttpException {
        if (connection.getSSLSession() != null) {
            return connection.isDataAvailable(SHORTEST);
        }
        ClassicHttpResponse endless = new BasicClassicHttpResponse(HttpStatus.SC_OK);
        connection.receiveResponseEntity(endless);
        return endless.getEntity().getContent().available() > 0;
    }

    /** Takes another connection. This ends, because a new connection is not refused. */
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        while (true) {
            try {
                return chain.proceed(request, scope);
            } catch (NotSentException e) {
                scope.execRuntime.discardEndpoint();
            }
        }
    }
}
