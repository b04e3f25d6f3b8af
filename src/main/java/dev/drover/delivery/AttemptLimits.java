package dev.drover.delivery;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Ends an attempt at its deadline, so that a slow answer cannot hold a worker. Socket time-outs cannot do that, because
 * they start again with each byte.
 */
final class AttemptLimits implements ExecChainHandler {

    private final Duration deadline;
    private final ScheduledExecutorService timer;

    AttemptLimits(Duration deadline, ScheduledExecutorService timer) {
        this.deadline = deadline;
        this.timer = timer;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> end = timer.schedule(
                () -> {
                    late.set(true);
                    cancel(scope);
                },
                deadline.toNanos(),
                TimeUnit.NANOSECONDS);
        try {
            return chain.proceed(request, scope);
        } catch (IOException | HttpException | RuntimeException e) {
            if (late.get()) {
                throw tooLate(e);
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    /**
     * Cancels the request itself, because an attempt that still waits for a connection would use it without a deadline.
     * A request that cannot be cancelled only loses its connection.
     */
    private static void cancel(ExecChain.Scope scope) {
        if (scope.originalRequest instanceof Cancellable request) {
            request.cancel();
        }
        scope.execRuntime.discardEndpoint();
    }

    private IOException tooLate(Exception e) {
        InterruptedIOException late = new InterruptedIOException(
                "no complete answer within " + deadline.toMillis() + " ms, the deadline of an attempt");
        late.initCause(e);
        return late;
    }
}
