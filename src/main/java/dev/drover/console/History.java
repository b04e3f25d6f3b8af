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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The samples of each pipeline over the last 15 minutes, in memory. Each run takes one sample of every pipeline; one
 * thread runs it, any thread may read.
 */
final class History implements Runnable {

    static final Duration STEP = Duration.ofSeconds(2);
    private static final int MOST = (int) (Duration.ofMinutes(15).toMillis() / STEP.toMillis());
    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private final PagesComponent pages;
    private final Meter meter;
    private final Map<String, Deque<Sample>> samples = new ConcurrentHashMap<>();
    private final Map<String, Counts> before = new ConcurrentHashMap<>();

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

    private record Counts(Pipeline pipeline, long nanos, long read, long acknowledged) {}

    History(PagesComponent pages, Meter meter) {
        this.pages = pages;
        this.meter = meter;
    }

    /** The samples of a pipeline that are younger than this time. */
    List<Sample> after(String pipeline, long time) {
        return samples.getOrDefault(pipeline, new ConcurrentLinkedDeque<>()).stream()
                .filter(sample -> sample.time() > time)
                .toList();
    }

    @Override
    public void run() {
        try {
            pages.pipelines().forEach(this::sample);
        } catch (RuntimeException e) {
            // An exception that leaves this method would end all later samples.
            LOG.warn("the console has no sample: {}", e.toString());
        }
    }

    private void sample(Pipeline pipeline) {
        Counts now = counts(pipeline);
        Counts last = before.put(pipeline.name(), now);
        if (last == null || last.pipeline != pipeline) {
            last = now; // it began again, and so did its counts
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

    private static Counts counts(Pipeline pipeline) {
        return new Counts(pipeline, System.nanoTime(), pipeline.tally().rows(), acknowledged(pipeline));
    }

    /** Rows that are claimed are settled one by one, without a checkpoint that passes them. */
    private static long acknowledged(Pipeline pipeline) {
        Settlement settlement = pipeline.ledger().settlement();
        return settlement.inOrder() ? settlement.settled() : pipeline.tally().settled();
    }

    private static double rate(long more, double seconds) {
        return seconds <= 0 ? 0 : Math.round(more / seconds * 10) / 10.0;
    }

    private Map<String, Latencies.Percentiles> latencies(Pipeline pipeline) {
        Map<String, Latencies.Percentiles> latencies = new TreeMap<>();
        meter.of(pipeline.name()).forEach((address, each) -> {
            Latencies.Percentiles taken = each.latencies().take();
            if (taken != null) {
                latencies.put(address, taken);
            }
        });
        return latencies;
    }
}
