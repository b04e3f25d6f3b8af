package dev.drover.console;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The samples of one pipeline over the last 15 minutes, in memory. Thread-safe. */
final class History {

    static final Duration STEP = Duration.ofSeconds(2);
    private static final int MOST = (int) (Duration.ofMinutes(15).toMillis() / STEP.toMillis());

    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * How a pipeline was at one time.
     *
     * @param time in milliseconds since 1970
     * @param read rows read a second, since the sample before
     * @param acknowledged rows passed by the checkpoint a second, since the sample before
     * @param window rows read and not passed by the checkpoint
     * @param behindMillis how long the oldest of their pages has been open
     * @param latencies of the attempts since the sample before, by destination; without those that had none
     */
    record Sample(
            long time,
            double read,
            double acknowledged,
            long window,
            long behindMillis,
            Map<String, Latencies.Percentiles> latencies) {}

    synchronized void add(Sample sample) {
        samples.addLast(sample);
        if (samples.size() > MOST) {
            samples.removeFirst();
        }
    }

    /** The samples that are younger than this time. */
    synchronized List<Sample> after(long time) {
        return samples.stream().filter(sample -> sample.time() > time).toList();
    }
}
