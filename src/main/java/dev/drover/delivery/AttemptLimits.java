package dev.drover.delivery;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Ends an attempt at its deadline, so that a slow answer cannot hold a worker. Socket time-outs cannot do that, because
 * they start again with each byte. The deadlines of all attempts are looked at together, so an attempt may end up to a
 * {@linkplain #tick tick} late. Thread-safe.
 */
final class AttemptLimits implements ExecChainHandler {

    private static final Duration LONGEST_TICK = Duration.ofMillis(250);

    private final Duration deadline;
    private final Set<Attempt> open = ConcurrentHashMap.newKeySet();

    /** Limits every attempt to this time. */
    AttemptLimits(Duration deadline) {
        this.deadline = deadline;
    }

    /** The interval between calls of {@link #endLate}: a twentieth of the deadline, and at most 250 ms. */
    Duration tick() {
        Duration tick = deadline.dividedBy(20);
        return tick.compareTo(LONGEST_TICK) < 0 ? tick : LONGEST_TICK;
    }

    /** Ends the attempts whose deadline has passed. */
    void endLate() {
        long now = System.nanoTime();
        open.forEach(attempt -> attempt.endIfLate(now));
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Attempt attempt = new Attempt(scope, System.nanoTime() + deadline.toNanos());
        open.add(attempt);
        try {
            return chain.proceed(request, scope);
        } catch (IOException | HttpException | RuntimeException e) {
            if (attempt.late) {
                throw tooLate(e);
            }
            throw e;
        } finally {
            open.remove(attempt);
        }
    }

    private IOException tooLate(Exception e) {
        InterruptedIOException late = new InterruptedIOException(
                "no complete answer within " + deadline.toMillis() + " ms, the deadline of an attempt");
        late.initCause(e);
        return late;
    }

    /** One attempt under way. */
    private static final class Attempt {

        private final ExecChain.Scope scope;
        private final long due;
        private volatile boolean late;

        Attempt(ExecChain.Scope scope, long due) {
            this.scope = scope;
            this.due = due;
        }

        /**
         * Cancels the request itself, because an attempt that still waits for a connection would use it without a
         * deadline. A request that cannot be cancelled only loses its connection.
         */
        void endIfLate(long now) {
            if (now - due < 0) {
                return;
            }
            late = true;
            if (scope.originalRequest instanceof Cancellable request) {
                request.cancel();
            }
            scope.execRuntime.discardEndpoint();
        }
    }
}
