package dev.drover.credentials;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.camel.util.function.ThrowingSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of one credential. One worker refreshes it before it expires; meanwhile the others use the token that is
 * still valid, or wait if there is none. If the fetch fails, the waiting workers fail too, and the next attempt fetches
 * again. Thread-safe.
 */
final class TokenSource {

    /** How long a token that is still valid is used after a failed fetch. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** A destination that refuses every token must not turn each attempt into a request to the token endpoint. */
    private static final Duration BETWEEN_DROPS = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(TokenSource.class);

    /**
     * A fetched token.
     *
     * @param life how long it is valid from its arrival
     */
    record Token(String value, Duration life) {

        /** Hides the value. */
        @Override
        public String toString() {
            return "token";
        }
    }

    /**
     * The current token.
     *
     * @param expiresAt when it stops being valid, in nanoseconds of the clock
     * @param dueAt when the next fetch is due
     */
    private record Held(String value, long expiresAt, long dueAt) {}

    private final ThrowingSupplier<Token, IOException> fetch;
    private final Duration margin;
    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final ReentrantLock fetching = new ReentrantLock();
    private @Nullable IOException failure; // of the last fetch; guarded by fetching
    private long mayDropAt; // guarded by this
    private boolean dropped; // guarded by this

    /**
     * A source without a token.
     *
     * @param fetch gets a new token
     * @param margin how long before its expiry a token is refreshed, at most half of its life
     * @param nanos a clock like {@link System#nanoTime}
     */
    TokenSource(ThrowingSupplier<Token, IOException> fetch, Duration margin, LongSupplier nanos) {
        this.fetch = fetch;
        this.margin = margin;
        this.nanos = nanos;
    }

    /**
     * A token that is not known to be invalid.
     *
     * @throws IOException if there is none and the fetch fails
     */
    String value() throws IOException {
        int before = fetches.get();
        Held now = held.get();
        if (now != null && isValid(now)) {
            if (!isPast(now.dueAt()) || !fetching.tryLock()) {
                return now.value();
            }
        } else {
            awaitTurn();
        }
        try {
            return fetches.get() == before ? refreshed() : fetchedByAnother();
        } finally {
            fetching.unlock();
        }
    }

    private void awaitTurn() throws IOException {
        try {
            fetching.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a token");
        }
    }

    private String fetchedByAnother() throws IOException {
        Held now = held.get();
        if (now != null && isValid(now)) {
            return now.value();
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        return refreshed();
    }

    private String refreshed() throws IOException {
        Held before = held.get();
        try {
            failure = null;
            Token token = fetch.get();
            long life = token.life().toNanos();
            long expiresAt = nanos.getAsLong() + life;
            held.set(new Held(token.value(), expiresAt, expiresAt - Math.min(margin.toNanos(), life / 2)));
            return token.value();
        } catch (IOException e) {
            failure = e;
            // the destination may have refused the old token during the fetch: then it must not come back
            if (before != null && isValid(before) && held.compareAndSet(before, postponed(before))) {
                LOG.warn("{}; the token that is still valid is used", e.getMessage());
                return before.value();
            }
            throw e;
        } finally {
            fetches.incrementAndGet();
        }
    }

    private Held postponed(Held token) {
        return new Held(token.value(), token.expiresAt(), nanos.getAsLong() + PAUSE.toNanos());
    }

    /** Drops a token that the destination refused, at most one in 30 seconds. The next attempt fetches a new one. */
    synchronized void refused(String value) {
        Held now = held.get();
        if (now == null || !now.value().equals(value)) {
            return; // another worker has reported it already
        }
        if ((!dropped || isPast(mayDropAt)) && held.compareAndSet(now, null)) {
            dropped = true;
            mayDropAt = nanos.getAsLong() + BETWEEN_DROPS.toNanos();
        }
    }

    private boolean isValid(Held token) {
        return !isPast(token.expiresAt());
    }

    private boolean isPast(long time) {
        return nanos.getAsLong() - time >= 0;
    }
}
