package dev.drover.delivery;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The largest body that a destination accepts, as its answers have shown: the largest accepted and the smallest refused
 * number of bytes. Its limit may change, so a body that is known to be too large is tried again a minute after the last
 * refusal. This time doubles with each refusal, up to an hour. Thread-safe.
 */
final class BodyLimit {

    private static final long FIRST = Duration.ofMinutes(1).toNanos();
    private static final long LONGEST = Duration.ofHours(1).toNanos();

    private final LongSupplier nanos;
    private long largestAccepted;
    private long smallestRefused = Long.MAX_VALUE;
    private long pause = FIRST;
    private long pausedFrom;

    BodyLimit() {
        this(System::nanoTime);
    }

    /** Creates a limit with another clock, in nanoseconds. */
    BodyLimit(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized void accepted(long bytes) {
        largestAccepted = Math.max(largestAccepted, bytes);
        if (bytes >= smallestRefused) {
            smallestRefused = Long.MAX_VALUE; // it takes more than it did
            pause = FIRST;
        }
    }

    synchronized void refused(long bytes) {
        if (bytes == 0) {
            return; // its size is unknown, so this says nothing about other bodies
        }
        if (bytes >= smallestRefused && isOver()) {
            pause = Math.min(LONGEST, 2 * pause);
        }
        pausedFrom = nanos.getAsLong();
        smallestRefused = Math.min(smallestRefused, bytes);
        largestAccepted = Math.min(largestAccepted, smallestRefused - 1);
    }

    /** Whether a body of this size is known to be too large, and none is due to be tried again. */
    synchronized boolean exceededBy(long bytes) {
        return bytes >= smallestRefused && !isOver();
    }

    private boolean isOver() {
        return nanos.getAsLong() - pausedFrom >= pause;
    }

    /** The size of the parts into which a body that is too large is divided; empty if none was too large. */
    synchronized OptionalLong partSize() {
        if (smallestRefused == Long.MAX_VALUE) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(1, largestAccepted > 0 ? largestAccepted : smallestRefused / 2));
    }
}
