package dev.drover.credentials;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of one credential. One worker fetches it again some time before it expires; meanwhile the others use the
 * token that is still valid, or wait if there is none. When the fetch fails, the workers that waited fail too, and the
 * next attempt fetches again. Thread-safe; guarded by {@code this}.
 */
final class TokenSource {

    /** How long a token that is still valid is used after another one could not be fetched. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** A destination that refuses every token must not turn each attempt into a request to the token endpoint. */
    private static final Duration BETWEEN_DROPS = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(TokenSource.class);

    /**
     * An access token.
     *
     * @param value what is sent
     * @param life for how long it is valid from its arrival on
     */
    record Token(String value, Duration life) {

        /** Shows nothing. */
        @Override
        public String toString() {
            return "token";
        }
    }

    /** Gets a new token from somewhere. */
    interface Fetch {
        Token fetch() throws IOException;
    }

    private final Fetch fetch;
    private final Duration margin;
    private final LongSupplier nanos;
    private @Nullable Token token;
    private long expiresAt;
    private long dueAt;
    private long droppedAt;
    private boolean dropped;
    private @Nullable CompletableFuture<String> underway;

    /**
     * A source without a token.
     *
     * @param margin how long before its end a token is fetched again, at most half of its life
     * @param nanos a clock like {@link System#nanoTime}
     */
    TokenSource(Fetch fetch, Duration margin, LongSupplier nanos) {
        this.fetch = fetch;
        this.margin = margin;
        this.nanos = nanos;
    }

    /**
     * A token that is not known to be invalid.
     *
     * @throws IOException if there is none and none can be fetched now
     */
    String value() throws IOException {
        CompletableFuture<String> fetching;
        boolean mine = false;
        synchronized (this) {
            Token now = token;
            if (now != null && !isPast(expiresAt) && (!isPast(dueAt) || underway != null)) {
                return now.value();
            }
            if (underway == null) {
                underway = new CompletableFuture<>();
                mine = true;
            }
            fetching = underway;
        }
        return mine ? refresh(fetching) : await(fetching);
    }

    /** The destination refuses this token: another one is fetched for the next attempt, at most every 30 seconds. */
    synchronized void refused(String value) {
        if (token == null || !token.value().equals(value)) {
            return; // another worker has reported it already
        }
        if (!dropped || isPast(droppedAt + BETWEEN_DROPS.toNanos())) {
            dropped = true;
            droppedAt = nanos.getAsLong();
            token = null;
        }
    }

    private String refresh(CompletableFuture<String> fetching) throws IOException {
        try {
            Token fetched = fetch.fetch();
            end(fetching, fetched);
            fetching.complete(fetched.value());
            return fetched.value();
        } catch (IOException e) {
            String valid = endWithout(fetching);
            if (valid != null) {
                LOG.warn("{}; the token that is still valid is used", e.getMessage());
                return valid;
            }
            fetching.completeExceptionally(e);
            throw e;
        } finally {
            // also after an error, so that no worker waits for ever
            endWithout(fetching);
            fetching.completeExceptionally(new IOException("the token could not be fetched"));
        }
    }

    private synchronized void end(CompletableFuture<String> fetching, Token fetched) {
        long life = fetched.life().toNanos();
        long now = nanos.getAsLong();
        token = fetched;
        expiresAt = now + life;
        dueAt = expiresAt - Math.min(margin.toNanos(), life / 2);
        forget(fetching);
    }

    /** Leaves the token that is still valid, if there is one, in use for a while. */
    private synchronized @Nullable String endWithout(CompletableFuture<String> fetching) {
        if (!forget(fetching) || token == null || isPast(expiresAt)) {
            return null;
        }
        dueAt = nanos.getAsLong() + PAUSE.toNanos();
        return token.value();
    }

    private boolean forget(CompletableFuture<String> fetching) {
        boolean known = underway == fetching; // it may be the next one already
        underway = known ? null : underway;
        return known;
    }

    private static String await(CompletableFuture<String> fetching) throws IOException {
        try {
            return fetching.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it waited for a token");
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? "no token" : e.getCause().getMessage(), e.getCause());
        }
    }

    private boolean isPast(long time) {
        return nanos.getAsLong() - time >= 0;
    }
}
