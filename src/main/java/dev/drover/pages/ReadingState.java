package dev.drover.pages;

import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps a pipeline from reading although there is room in its window. One thread at a time changes it, any thread may
 * read it.
 */
public final class ReadingState {

    private static final Logger LOG = LoggerFactory.getLogger(ReadingState.class);
    private static final Duration FIRST_LOGGED = Duration.ofSeconds(10);

    private final Ledger ledger;
    private volatile @Nullable String unreadable;
    private volatile @Nullable ZonedDateTime restsUntil;
    private volatile @Nullable Wait wait;
    private Duration nextLog = FIRST_LOGGED;

    /**
     * A wait for something other than room or the source.
     *
     * @param since the time at which it began, by {@link System#nanoTime}
     */
    private record Wait(String reason, long since) {

        Duration length() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    ReadingState(Ledger ledger) {
        this.ledger = ledger;
    }

    /** What keeps the pipeline from reading: its schedule, its lease, its source or a wait; empty if nothing does. */
    public Optional<String> obstacle() {
        ZonedDateTime rests = restsUntil;
        if (rests != null) {
            return Optional.of("its schedule, and reads again at " + rests.toOffsetDateTime());
        }
        return ledger.settlement().lease().isHeld()
                ? unreadable()
                        .map(why -> "the source, which cannot be read: " + why)
                        .or(this::waitsFor)
                : Optional.of("its lease, which has ended and cannot be renewed");
    }

    /** Why the last page could not be read; empty if it could, and before the first page. */
    public Optional<String> unreadable() {
        return Optional.ofNullable(unreadable);
    }

    /** Sets why the source cannot be read; null if it can. */
    public void unreadable(@Nullable String why) {
        unreadable = why;
    }

    /** Sets when the schedule allows the next page; null if it may be read now. */
    void restsUntil(@Nullable ZonedDateTime until) {
        restsUntil = until;
    }

    /** What the pipeline waits for, and how long it has waited; empty if it does not wait. */
    public Optional<String> waitsFor() {
        return Optional.ofNullable(wait)
                .map(now -> now.reason() + " (for " + now.length().toSeconds() + " s)");
    }

    /** The length of the wait; zero if there is none. */
    public Duration waited() {
        Wait now = wait;
        return now == null ? Duration.ZERO : now.length();
    }

    /** Begins or continues a wait, or ends it if the reason is null. A wait continues when its reason changes. */
    void waitsFor(@Nullable String reason) {
        Wait before = wait;
        wait = reason == null ? null : new Wait(reason, before == null ? System.nanoTime() : before.since());
        if (reason == null) {
            nextLog = FIRST_LOGGED;
        }
    }

    /** Like {@link #waitsFor}. The wait is logged after 10 seconds, and again each time its length has doubled. */
    void waitsAndLogs(@Nullable String reason) {
        waitsFor(reason);
        Duration waited = waited();
        if (reason != null && waited.compareTo(nextLog) >= 0) {
            nextLog = waited.multipliedBy(2);
            LOG.warn(
                    "{}: nothing more can be read for {} s, waits for {}",
                    ledger.pipeline(),
                    waited.toSeconds(),
                    reason);
        }
    }
}
