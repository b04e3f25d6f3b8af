package dev.drover.batch;

import dev.drover.ledger.FailedAttempt;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The failed attempts, the waits and the divisions of a batch. Its parts share it. Thread-safe. */
public final class Attempts {

    private final @Nullable String lane;
    private final LaneClock clock;
    private @Nullable FailedAttempt last;
    private @Nullable String waitsFor;
    private @Nullable Long entered;
    private boolean started;
    private boolean parked;
    private int divisions;

    /**
     * Creates the attempts of a batch.
     *
     * @param lane what the records of the batch have in common; null for a batch that is sent again
     * @param clock of the lane
     */
    Attempts(@Nullable String lane, LaneClock clock) {
        this.lane = lane;
        this.clock = clock;
    }

    /** What its records have in common, such as their address; empty for a batch that is sent again. */
    public Optional<String> lane() {
        return Optional.ofNullable(lane);
    }

    /** Begins to count its time. Returns false if it was counted before. */
    public synchronized boolean enter() {
        boolean first = entered == null;
        entered = first ? clock.nanos() : entered;
        return first;
    }

    /** Its turn has come, and it has a thread. */
    public synchronized void start() {
        started = true;
        clock.start();
    }

    synchronized void end() {
        if (started) {
            clock.stop();
        }
    }

    /** How long it, and batches of its lane before it, were tried since it entered. */
    public synchronized Duration lasted() {
        return entered == null ? Duration.ZERO : Duration.ofNanos(clock.nanos() - entered);
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
