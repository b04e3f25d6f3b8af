package dev.drover.console;

import dev.drover.ledger.Settlement;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The samples of each pipeline of the last 15 minutes, in memory. One thread takes the samples; any thread may read
 * them.
 */
final class History {

    static final Duration STEP = Duration.ofSeconds(2);
    private static final int MOST = (int) (Duration.ofMinutes(15).toMillis() / STEP.toMillis());

    private final PagesComponent pages;
    private final Meter meter;
    private final Map<String, Deque<Sample>> samples = new ConcurrentHashMap<>();
    private final Map<String, Counts> before = new ConcurrentHashMap<>();

    /**
     * A pipeline at one time.
     *
     * @param time in milliseconds since 1970
     * @param read rows read per second since the last sample
     * @param acknowledged rows passed by the checkpoint per second since the last sample
     * @param window rows read and not yet passed by the checkpoint
     * @param behindMillis the age of the oldest open page
     * @param latencies of the attempts since the last sample, by destination; only destinations with attempts
     */
    record Sample(
            long time,
            double read,
            double acknowledged,
            long window,
            long behindMillis,
            Map<String, Meter.Latencies.Percentiles> latencies) {}

    private record Counts(Pipeline pipeline, long nanos, long read, long acknowledged) {}

    History(PagesComponent pages, Meter meter) {
        this.pages = pages;
        this.meter = meter;
    }

    /** The samples of a pipeline after this time. */
    List<Sample> after(String pipeline, long time) {
        return samples.getOrDefault(pipeline, new ConcurrentLinkedDeque<>()).stream()
                .filter(sample -> sample.time() > time)
                .toList();
    }

    /** Takes a sample of each pipeline. */
    void sample() {
        pages.pipelines().forEach(this::sample);
    }

    private void sample(Pipeline pipeline) {
        Counts now = new Counts(pipeline, System.nanoTime(), pipeline.tally().rows(), acknowledged(pipeline));
        Counts last = before.put(pipeline.name(), now);
        if (last == null || last.pipeline != pipeline) {
            last = now; // the pipeline restarted, and so did its counts
        }
        double seconds = (now.nanos - last.nanos) / 1e9;
        Deque<Sample> kept = samples.computeIfAbsent(pipeline.name(), any -> new ConcurrentLinkedDeque<>());
        kept.addLast(new Sample(
                System.currentTimeMillis(),
                rate(now.read - last.read, seconds),
                rate(now.acknowledged - last.acknowledged, seconds),
                pipeline.ledger().window(),
                pipeline.ledger().oldestAge().toMillis(),
                latencies(pipeline)));
        if (kept.size() > MOST) {
            kept.removeFirst();
        }
    }

    /** Claimed rows are settled one by one; no checkpoint passes them. */
    private static long acknowledged(Pipeline pipeline) {
        Settlement settlement = pipeline.ledger().settlement();
        return settlement.inOrder() ? settlement.settled() : pipeline.tally().settled();
    }

    private static double rate(long more, double seconds) {
        return seconds <= 0 ? 0 : Math.round(more / seconds * 10) / 10.0;
    }

    private Map<String, Meter.Latencies.Percentiles> latencies(Pipeline pipeline) {
        Map<String, Meter.Latencies.Percentiles> latencies = new TreeMap<>();
        meter.of(pipeline.name()).forEach((address, each) -> {
            Meter.Latencies.Percentiles taken = each.latencies().take();
            if (taken != null) {
                latencies.put(address, taken);
            }
        });
        return latencies;
    }
}
