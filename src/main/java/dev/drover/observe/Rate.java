package dev.drover.observe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count grows, over the last ten seconds. Not thread-safe. */
final class Rate {

    private static final long SPAN = Duration.ofSeconds(10).toNanos();

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long count) {}

    /**
     * Adds a sample.
     *
     * @param nanos when, as {@link System#nanoTime} says it
     * @param count what is counted; less than before when a pipeline begins again
     * @return how much a second, rounded
     */
    long perSecond(long nanos, long count) {
        samples.addLast(new Sample(nanos, count));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos > SPAN) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        long elapsed = nanos - first.nanos;
        return elapsed <= 0 ? 0 : Math.max(0, Math.round((count - first.count) * 1e9 / elapsed));
    }
}
