package dev.drover.delivery;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What a destination has shown of how large a body it takes: the largest that it took and the smallest that it found
 * too large, in bytes. It may take more some day, so a body that is known to be too large is tried all the same a minute
 * after the last was refused; while it is refused, that time doubles up to an hour. Thread-safe.
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

    /** With a clock of its own, in nanoseconds. */
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
            return; // how large it was is not known, and nothing follows from it for others
        }
        if (bytes >= smallestRefused && isOver()) {
            pause = Math.min(LONGEST, 2 * pause);
        }
        pausedFrom = nanos.getAsLong();
        smallestRefused = Math.min(smallestRefused, bytes);
        largestAccepted = Math.min(largestAccepted, smallestRefused - 1);
    }

    /** Whether a body of so many bytes is known to be too large, and it is not time to try one. */
    synchronized boolean exceededBy(long bytes) {
        return bytes >= smallestRefused && !isOver();
    }

    private boolean isOver() {
        return nanos.getAsLong() - pausedFrom >= pause;
    }

    /** How large the parts of a body are made that is too large; empty while nothing was. */
    synchronized OptionalLong partSize() {
        if (smallestRefused == Long.MAX_VALUE) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(1, largestAccepted > 0 ? largestAccepted : smallestRefused / 2));
    }
}
