package dev.drover.delivery;

import java.util.OptionalLong;

/**
 * What a destination has shown of how large a body it takes: the largest that it took and the smallest that it found
 * too large, in bytes. Thread-safe.
 */
final class BodyLimit {

    private long largestAccepted;
    private long smallestRefused = Long.MAX_VALUE;

    synchronized void accepted(long bytes) {
        largestAccepted = Math.max(largestAccepted, bytes);
        if (bytes >= smallestRefused) {
            smallestRefused = Long.MAX_VALUE; // it takes more than it did
        }
    }

    synchronized void refused(long bytes) {
        if (bytes == 0) {
            return; // how large it was is not known, and nothing follows from it for others
        }
        smallestRefused = Math.min(smallestRefused, bytes);
        largestAccepted = Math.min(largestAccepted, smallestRefused - 1);
    }

    /** Whether a body of so many bytes is known to be too large. */
    synchronized boolean exceededBy(long bytes) {
        return bytes >= smallestRefused;
    }

    /** How large the parts of a body are made that is too large; empty while nothing was. */
    synchronized OptionalLong partSize() {
        if (smallestRefused == Long.MAX_VALUE) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(1, largestAccepted > 0 ? largestAccepted : smallestRefused / 2));
    }
}
