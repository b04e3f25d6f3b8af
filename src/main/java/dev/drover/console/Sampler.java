package dev.drover.console;

import dev.drover.ledger.Settlement;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a sample of each pipeline, when it is told to. Thread-safe. */
final class Sampler implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

    private final PagesComponent pages;
    private final Meter meter;
    private final Map<String, History> histories = new ConcurrentHashMap<>();
    private final Map<String, Counts> before = new ConcurrentHashMap<>();

    private record Counts(Pipeline pipeline, long nanos, long read, long acknowledged) {}

    Sampler(PagesComponent pages, Meter meter) {
        this.pages = pages;
        this.meter = meter;
    }

    /** The samples of a pipeline that are younger than this time. */
    List<History.Sample> after(String pipeline, long time) {
        History history = histories.get(pipeline);
        return history == null ? List.of() : history.after(time);
    }

    @Override
    public void run() {
        try {
            pages.pipelines().forEach(this::sample);
        } catch (RuntimeException e) {
            // Whatever it is: what is thrown from here would end the samples for good.
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
        histories
                .computeIfAbsent(pipeline.name(), any -> new History())
                .add(new History.Sample(
                        System.currentTimeMillis(),
                        rate(now.read - last.read, seconds),
                        rate(now.acknowledged - last.acknowledged, seconds),
                        pipeline.ledger().window(),
                        pipeline.ledger().oldestAge().toMillis(),
                        latencies(pipeline)));
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
