package dev.drover.console;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * How long attempts took since they were last asked for, counted in steps of a tenth: a percentile is at most so much too
 * long. Costs one addition per attempt. Thread-safe; asked by one thread.
 */
final class Latencies {

    private static final double STEP = Math.log(1.1);
    private static final int STEPS = 128; // up to 3 minutes

    private final AtomicLongArray counts = new AtomicLongArray(STEPS);

    /**
     * In milliseconds.
     *
     * @param p50 half of the attempts took no longer
     * @param p95 nor 95 of 100
     * @param p99 nor 99 of 100
     */
    record Percentiles(double p50, double p95, double p99) {}

    void add(Duration took) {
        double millis = Math.max(1, took.toNanos() / 1e6);
        counts.incrementAndGet(Math.min(STEPS - 1, (int) Math.ceil(Math.log(millis) / STEP)));
    }

    /** Of the attempts since the last call; null if there were none. */
    @Nullable
    Percentiles take() {
        long[] taken = new long[STEPS];
        long all = 0;
        for (int i = 0; i < STEPS; i++) {
            taken[i] = counts.getAndSet(i, 0);
            all += taken[i];
        }
        return all == 0
                ? null
                : new Percentiles(millis(taken, all, 50), millis(taken, all, 95), millis(taken, all, 99));
    }

    private static double millis(long[] taken, long all, int percent) {
        long rank = (all * percent + 99) / 100;
        int step = 0;
        for (long seen = taken[0]; seen < rank; seen += taken[step]) {
            step++;
        }
        return Math.round(Math.exp(step * STEP) * 10) / 10.0;
    }
}
