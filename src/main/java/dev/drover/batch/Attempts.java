package dev.drover.batch;

import dev.drover.ledger.FailedAttempt;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The failed attempts, the waits and the divisions of a batch. Its parts share it. Thread-safe. */
public final class Attempts {

    private final @Nullable String lane;
    private @Nullable FailedAttempt last;
    private @Nullable String waitsFor;
    private @Nullable Long begun;
    private boolean parked;
    private int divisions;

    /** @param lane what the records of the batch have in common; null for a batch that is sent again */
    Attempts(@Nullable String lane) {
        this.lane = lane;
    }

    /** What its records have in common, such as their address; empty for a batch that is sent again. */
    public Optional<String> lane() {
        return Optional.ofNullable(lane);
    }

    /** Begins to count the time of {@link #lasted} anew. */
    public synchronized void begin() {
        begun = System.nanoTime();
    }

    /** The time since its attempts began; empty before that. */
    public synchronized Optional<Duration> lasted() {
        return Optional.ofNullable(begun).map(since -> Duration.ofNanos(System.nanoTime() - since));
    }

    synchronized void parked() {
        parked = true;
    }

    synchronized boolean isParked() {
        return parked;
    }

    synchronized void failed(String batch, String reason) {
        int before = last == null || !last.batch().equals(batch) ? 0 : last.number();
        last = new FailedAttempt(batch, before + 1, reason);
    }

    synchronized void waitsFor(@Nullable String what) {
        waitsFor = what;
    }

    synchronized Optional<String> waitsFor() {
        return Optional.ofNullable(waitsFor);
    }

    synchronized int divided() {
        return ++divisions;
    }

    synchronized Optional<FailedAttempt> last() {
        return Optional.ofNullable(last);
    }
}
