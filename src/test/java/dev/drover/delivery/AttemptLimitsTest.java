package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.drover.testing.Fault;
import dev.drover.testing.Receiver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttemptLimitsTest {

    private static final int PATIENCE_SECONDS = 30;

    private final CountDownLatch answers = new CountDownLatch(1);
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final Receiver receiver = Receiver.start("id");
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        answers.countDown();
        threads.shutdownNow();
        timer.shutdownNow();
        receiver.close();
    }

    @Test
    void shouldEndAnAttemptThatWaitsForAConnectionAtItsDeadline() throws Exception {
        // Given
        Fault slow = Fault.slow(TimeUnit.SECONDS.toMillis(2 * PATIENCE_SECONDS), answers);
        receiver.fails(request -> {
            arrived.countDown();
            return slow.answer(request);
        });
        AttemptLimits limits = new AttemptLimits(Duration.ofMillis(100));
        ScheduledFuture<?> ticks = timer.scheduleWithFixedDelay(limits::endLate, 5, 5, TimeUnit.MILLISECONDS);
        try (PoolingHttpClientConnectionManager one = new PoolingHttpClientConnectionManager();
                CloseableHttpClient other = client(one).build();
                CloseableHttpClient limited =
                        client(one).addExecInterceptorFirst("limits", limits).build()) {
            one.setMaxTotal(1);
            Future<?> holdsTheConnection = threads.submit(() -> post(other));
            assertThat(arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

            // When
            Throwable failure =
                    catchThrowable(() -> threads.submit(() -> post(limited)).get(PATIENCE_SECONDS, TimeUnit.SECONDS));

            // Then
            assertThat(failure).hasMessageContaining("no complete answer within 100 ms");
            assertThat(holdsTheConnection.isDone()).isFalse();
            assertThat(ticks.isDone()).isFalse();
        }
    }

    private static HttpClientBuilder client(PoolingHttpClientConnectionManager one) {
        return HttpClientBuilder.create()
                .setConnectionManager(one)
                .setConnectionManagerShared(true)
                .disableAutomaticRetries();
    }

    private int post(CloseableHttpClient client) throws Exception {
        HttpPost request = new HttpPost(receiver.url());
        request.setEntity(new StringEntity("[]"));
        return client.execute(request, response -> response.getCode());
    }
}
