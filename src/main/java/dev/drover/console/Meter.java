package dev.drover.console;

import dev.drover.console.PipelineView.Health;
import dev.drover.delivery.AttemptListener;
import dev.drover.delivery.Attempted;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Counts the attempts at each destination of each pipeline, for a few additions per attempt. Thread-safe. */
final class Meter implements AttemptListener {

    private static final int MOST = 20;

    private final Map<String, Map<String, OfDestination>> byPipeline = new ConcurrentHashMap<>();

    @Override
    public Consumer<Attempted> begin(Exchange exchange, String destination) {
        return this::ended;
    }

    private void ended(Attempted attempt) {
        Map<String, OfDestination> meters =
                byPipeline.computeIfAbsent(attempt.pipeline(), any -> new ConcurrentSkipListMap<>());
        // a route may compute an address for each record
        String address =
                meters.size() < MOST || meters.containsKey(attempt.destination()) ? attempt.destination() : "others";
        meters.computeIfAbsent(address, any -> new OfDestination()).ended(attempt);
    }

    /** The figures of a pipeline by the address of the destination. */
    Map<String, OfDestination> of(String pipeline) {
        return byPipeline.getOrDefault(pipeline, Map.of());
    }

    /**
     * A destination as the page shows it, since the process started.
     *
     * @param address scheme, host and port
     * @param health the colour
     * @param word the health in a word, for people who do not see the colour
     * @param reason why the last attempt failed; empty if it did not
     * @param accepted attempts with a success status
     * @param refused attempts whose content was refused
     * @param failed attempts without an answer, or with a failure that may pass
     * @param concurrency how many attempts it gets at the same time; 0 if there is no limit
     */
    record Destination(
            String address,
            Health health,
            String word,
            String reason,
            long accepted,
            long refused,
            long failed,
            int concurrency) {}

    /** The attempts at one destination. A reader may see some figures before others. */
    static final class OfDestination {

        private static final int DOWN_AFTER = 3;

        private final LongAdder accepted = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final AtomicInteger failedInRow = new AtomicInteger();
        private final Latencies latencies = new Latencies();
        private volatile String reason = "";
        private volatile int concurrency;

        private void ended(Attempted attempt) {
            latencies.add(attempt.took());
            concurrency = attempt.concurrency();
            switch (attempt.outcome()) {
                case "accepted" -> {
                    accepted.increment();
                    failedInRow.set(0);
                }
                case "refused", "too_large" -> {
                    refused.increment();
                    failedInRow.set(0);
                }
                default -> {
                    failed.increment();
                    reason = attempt.status() > 0 ? "status " + attempt.status() : String.valueOf(attempt.failure());
                    failedInRow.incrementAndGet();
                }
            }
        }

        Destination destination(String address) {
            int inRow = failedInRow.get();
            Health health = inRow == 0 ? Health.OK : inRow < DOWN_AFTER ? Health.WARNING : Health.BAD;
            return new Destination(
                    address,
                    health,
                    inRow == 0 ? "accepts" : inRow < DOWN_AFTER ? "fails" : "down",
                    inRow == 0 ? "" : reason,
                    accepted.sum(),
                    refused.sum(),
                    failed.sum(),
                    concurrency);
        }

        Latencies latencies() {
            return latencies;
        }
    }

    /** A histogram with buckets 10 % apart, so that a percentile is at most 10 % too long. Read by one thread. */
    static final class Latencies {

        private static final double STEP = Math.log(1.1);
        private static final int STEPS = 128; // up to 3 minutes

        private final AtomicLongArray counts = new AtomicLongArray(STEPS);

        /** Percentiles in milliseconds. */
        record Percentiles(double p50, double p95, double p99) {}

        void add(Duration took) {
            double millis = Math.max(1, took.toNanos() / 1e6);
            counts.incrementAndGet(Math.min(STEPS - 1, (int) Math.ceil(Math.log(millis) / STEP)));
        }

        /** The percentiles since the last call; null if there were no attempts. */
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
}
