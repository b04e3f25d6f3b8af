package dev.drover.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenSourceTest {

    private final AtomicInteger fetched = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // nanoTime may begin anywhere, and overflow
    private volatile boolean down;
    private final TokenSource source = new TokenSource(this::fetch, Duration.ofMinutes(1), nanos::get);

    @Test
    void shouldUseTheTokenWhenItIsNotDue() throws IOException {
        // Given
        source.value();

        // When
        pass(239);

        // Then
        assertThat(source.value()).isEqualTo("token 1");
    }

    @Test
    void shouldFetchBeforeTheEndWhenTheTokenIsDue() throws IOException {
        // Given
        source.value();

        // When
        pass(240);

        // Then
        assertThat(source.value()).isEqualTo("token 2");
        assertThat(source.value()).isEqualTo("token 2");
    }

    @Test
    void shouldUseHalfOfTheLifeWhenItIsShorterThanTheMargin() throws IOException {
        // Given
        TokenSource brief = new TokenSource(
                () -> new TokenSource.Token("token " + fetched.incrementAndGet(), Duration.ofSeconds(20)),
                Duration.ofMinutes(1),
                nanos::get);
        brief.value();

        // When
        pass(9);

        // Then
        assertThat(brief.value()).isEqualTo("token 1");
        pass(1);
        assertThat(brief.value()).isEqualTo("token 2");
    }

    @Test
    void shouldGoOnWithTheValidTokenWhenNoneCanBeFetched() throws IOException {
        // Given
        source.value();
        pass(240);
        down = true;

        // When
        String first = source.value();
        String second = source.value();

        // Then
        assertThat(first).isEqualTo("token 1");
        assertThat(second).isEqualTo("token 1");
        assertThat(fetched).hasValue(2); // not by each attempt
        pass(10);
        down = false;
        assertThat(source.value()).isEqualTo("token 3");
    }

    @Test
    void shouldFailWhenTheTokenHasExpiredAndRecoverWhenTheEndpointDoes() throws IOException {
        // Given
        source.value();
        pass(300);
        down = true;
        assertThatThrownBy(source::value).isInstanceOf(IOException.class).hasMessage("down");

        // When
        down = false;

        // Then
        assertThat(source.value()).isEqualTo("token 3");
    }

    @Test
    void shouldDropARefusedTokenOnceWhenManySawItsRefusal() throws IOException {
        // Given
        String refused = source.value();

        // When
        source.refused(refused);
        String next = source.value();
        source.refused(refused);

        // Then
        assertThat(next).isEqualTo("token 2");
        assertThat(source.value()).isEqualTo("token 2");
    }

    @Test
    void shouldNotFetchForEachAttemptWhenEveryTokenIsRefused() throws IOException {
        // Given
        source.refused(source.value());

        // When
        for (int attempt = 0; attempt < 10; attempt++) {
            source.refused(source.value());
            pass(1);
        }

        // Then
        assertThat(fetched).hasValue(2);
        pass(30);
        source.refused(source.value());
        assertThat(source.value()).isEqualTo("token 3");
    }

    @Test
    void shouldGoOnWithTheValidTokenWhileAnotherWorkerFetches() throws Exception {
        // Given
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        TokenSource slow = new TokenSource(
                () -> {
                    if (fetched.get() > 0) {
                        asked.countDown();
                        try {
                            answer.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                    return fetch();
                },
                Duration.ofMinutes(1),
                nanos::get);
        slow.value();
        pass(240);
        CompletableFuture<String> fetching = CompletableFuture.supplyAsync(() -> {
            try {
                return slow.value();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        asked.await();

        // When
        String meanwhile = slow.value();

        // Then
        assertThat(meanwhile).isEqualTo("token 1");
        answer.countDown();
        assertThat(fetching.join()).isEqualTo("token 2");
        assertThat(slow.value()).isEqualTo("token 2");
    }

    private TokenSource.Token fetch() throws IOException {
        int number = fetched.incrementAndGet();
        if (down) {
            throw new IOException("down");
        }
        return new TokenSource.Token("token " + number, Duration.ofMinutes(5));
    }

    private void pass(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
