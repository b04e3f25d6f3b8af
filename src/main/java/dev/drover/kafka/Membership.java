package dev.drover.kafka;

import dev.drover.ledger.Lease;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the group still counts on this process, by the heartbeats that its broker has answered. A process that slept, or
 * is cut off, for longer than a session may have lost its partitions without knowing: until it has heard of the broker
 * again it sends nothing. Used by the thread that polls.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final String HEARTBEAT = "last-heartbeat-seconds-ago";
    private static final Duration FRESH = Duration.ofSeconds(4);
    private static final Duration SILENT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Supplier<Map<MetricName, ? extends Metric>> metrics;
    private final Lease lease;
    private long looked = System.nanoTime() - LOOK.toNanos();
    private boolean joined;

    Membership(Supplier<Map<MetricName, ? extends Metric>> metrics, Lease lease) {
        this.metrics = metrics;
        this.lease = lease;
    }

    Lease lease() {
        return lease;
    }

    /** Whether it was ever a member. */
    boolean isJoined() {
        return joined;
    }

    void look(Pipeline pipeline) {
        if (System.nanoTime() - looked < LOOK.toNanos()) {
            return;
        }
        looked = System.nanoTime();
        Lease.Request request = lease.request();
        double seconds = heartbeatAge();
        if (seconds < 0) {
            return;
        }
        joined = true;
        if (seconds <= FRESH.toSeconds()) {
            request.granted();
        }
        tell(pipeline, seconds);
    }

    private void tell(Pipeline pipeline, double seconds) {
        boolean silent = seconds > SILENT.toSeconds();
        String why = "the broker has not answered for " + Math.round(seconds) + " s";
        if (silent && pipeline.unreadable().isEmpty()) {
            LOG.warn("{}: {}; what is in flight is committed when it does", pipeline.name(), why);
        } else if (!silent && pipeline.unreadable().isPresent()) {
            LOG.info("{}: the broker answers again", pipeline.name());
        }
        pipeline.unreadable(silent ? why : null);
    }

    /** In seconds; less than 0 before the first. */
    private double heartbeatAge() {
        return metrics.get().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(HEARTBEAT))
                .map(metric -> metric.getValue().metricValue())
                .filter(Double.class::isInstance)
                .mapToDouble(Double.class::cast)
                .findFirst()
                .orElse(-1);
    }
}
