package dev.drover.delivery;

import dev.drover.batch.Batch;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Counts how often the connection was closed during or after the sending of the body of a batch. Some services end a
 * request like this if it is too large, and their answer is lost.
 */
final class Cuts {

    private static final String COUNT = "droverBodyCuts";
    private static final int MOST = 10;
    private static final int CUT = 4;
    private static final int LOST = 1;
    private static final int UNKNOWN = -1;
    private static final long LARGE = 1 << 20;

    /** Statuses by which a service says that it has accepted nothing. */
    private static final Set<Integer> REFUSED = Set.of(408, 413, 429, 503);

    private Cuts() {}

    /**
     * Counts the attempt that has just ended. The batch counts as too large after three bodies that were cut, or after
     * ten large bodies that were sent and lost their connection. An attempt that ends in another way, such as a
     * gateway's 504, ends the counting: the service may have accepted the batch, and its parts would be other batches.
     *
     * @param bytes of the body
     * @return whether the batch counts as too large
     */
    static boolean showTooLarge(Exchange exchange, long bytes) {
        Exception failure = exchange.getException();
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (failure == null || batch == null || batch.getSize() == 1 || batch.isRecovered()) {
            return false;
        }
        int before = exchange.getProperty(COUNT, 0, Integer.class);
        int weight = weight(failure, bytes);
        int count = before == UNKNOWN || weight == UNKNOWN ? UNKNOWN : before + weight;
        exchange.setProperty(COUNT, count);
        return count >= MOST;
    }

    private static int weight(Exception failure, long bytes) {
        if (failure instanceof WatchedBody.BodyCutException) {
            return CUT;
        }
        if (failure instanceof ConnectException || failure instanceof UnknownHostException) {
            return 0; // nothing was sent
        }
        if (failure instanceof HttpOperationFailedException answered && REFUSED.contains(answered.getStatusCode())) {
            return 0;
        }
        boolean lost = failure instanceof NoHttpResponseException || failure instanceof SocketException;
        return lost && bytes >= LARGE ? LOST : UNKNOWN;
    }
}
