package dev.drover.delivery;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one host may be sent, by all pipelines of this process together: how many attempts at the same time, how many
 * attempts or records in a time, and what is left of the quota that the host tells in its answers. Thread-safe.
 */
final class HostLimit {

    /** How late an attempt may be without delaying the next one, so that slow threads do not lower the rate. */
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(10);

    private final Rate rate;
    private final Duration longestPause;
    private final int concurrency;
    private final @Nullable AutoLimit auto;
    private final LongSupplier clock;

    private int underWay;

    /** When the rate allows the next attempt. */
    private long due;

    /** The attempts that the host allows until the end of its quota. */
    private int left;

    private long quotaEnds;

    HostLimit(GateOptions options, LongSupplier clock) {
        rate = options.rate;
        longestPause = options.longestPause;
        concurrency = options.concurrency > 0 ? options.concurrency : Integer.MAX_VALUE;
        auto = options.concurrency == GateOptions.AUTO ? new AutoLimit(clock.getAsLong()) : null;
        this.clock = clock;
        due = clock.getAsLong();
        quotaEnds = due;
    }

    /**
     * Takes the room of one attempt, if there is some and the gate lets it pass. It must be {@linkplain #givenBack given
     * back} or {@linkplain #ended ended}.
     *
     * @return whether the attempt may be made
     */
    synchronized boolean take(int records, BooleanSupplier gate) {
        if (full() != null || !gate.getAsBoolean()) {
            return false;
        }
        long now = clock.getAsLong();
        due = (now - due < LATE ? due : now) + rate.cost(records);
        left--;
        underWay++;
        return true;
    }

    /** What keeps an attempt from being made now; null if nothing does. */
    @Nullable
    private String full() {
        long now = clock.getAsLong();
        if (underWay >= limit()) {
            return "the concurrency of the destination, " + limit();
        }
        if (due - now > 0) {
            return "the rate of the destination, " + rate;
        }
        return left <= 0 && quotaEnds - now > 0 ? "the quota that the destination tells" : null;
    }

    /** Waits until there may be room, at most this long; returns what it waits for, null if there is room. */
    @Nullable
    synchronized String await(Duration longest) throws InterruptedException {
        String full = full();
        long now = clock.getAsLong();
        long patience = longest.toNanos();
        if (underWay < limit() && due - now > 0) {
            patience = Math.min(patience, due - now);
        }
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, patience));
        return full;
    }

    /** How many attempts may be under way at the same time now; 0 for any number. */
    synchronized int concurrency() {
        return limit() == Integer.MAX_VALUE ? 0 : limit();
    }

    private int limit() {
        return auto == null ? concurrency : auto.limit();
    }

    /** The attempt was not made. */
    synchronized void givenBack() {
        left++;
        underWay--;
        notifyAll();
    }

    /** The attempt was made, of so many records and from this time on, and ended so. */
    synchronized void ended(AttemptEnd end, int records, long began) {
        long now = clock.getAsLong();
        if (auto != null && end.isOverload()) {
            auto.overloaded(began, now);
        } else if (auto != null && end.isAnswer()) {
            auto.answered(records, began, now, underWay >= auto.limit());
        }
        underWay--;
        end.quota().filter(quota -> quota.remaining() != Quota.UNKNOWN).ifPresent(quota -> keep(quota, now));
        notifyAll();
    }

    /** The answer may not count the attempts that are under way. */
    private void keep(Quota quota, long now) {
        int free = Math.max(0, quota.remaining() - underWay);
        if (quotaEnds - now > 0) {
            left = Math.min(left, free);
        } else {
            Duration reset = quota.reset().compareTo(longestPause) < 0 ? quota.reset() : longestPause;
            left = free;
            quotaEnds = now + reset.toNanos();
        }
    }
}
