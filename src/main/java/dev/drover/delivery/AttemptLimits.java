package dev.drover.delivery;

import java.io.IOException;
import java.io.InputStream;
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
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Ends an attempt at its deadline, whatever it waits for, and reads the answer up to a limit, so that neither a dribble
 * nor a flood of bytes holds a worker or the memory. Socket time-outs cannot do that: each byte begins them anew.
 */
final class AttemptLimits implements ExecChainHandler {

    private final Duration deadline;
    private final int answerLimit;
    private final ScheduledExecutorService timer;

    AttemptLimits(Duration deadline, int answerLimit, ScheduledExecutorService timer) {
        this.deadline = deadline;
        this.answerLimit = answerLimit;
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
            ClassicHttpResponse response = chain.proceed(request, scope);
            if (response.getEntity() != null) {
                response.setEntity(read(response.getEntity(), scope));
            }
            return response;
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
     * For good, also when there is no connection yet: one that it waits for would be used without a deadline. Whoever
     * else sends the request gets no more than a connection that is closed.
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

    private HttpEntity read(HttpEntity answer, ExecChain.Scope scope) throws IOException {
        ContentType type = ContentType.parseLenient(answer.getContentType());
        try (InputStream in = answer.getContent()) {
            byte[] bytes = in == null ? new byte[0] : in.readNBytes(answerLimit);
            if (in != null && bytes.length == answerLimit && in.read() >= 0) {
                // else the end of the answer would be awaited, to use the connection again
                scope.execRuntime.discardEndpoint();
            }
            return new ByteArrayEntity(bytes, type);
        }
    }
}
