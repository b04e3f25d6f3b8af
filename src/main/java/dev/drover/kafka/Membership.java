package dev.drover.kafka;

import dev.drover.ledger.Lease;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Whether the group still counts on this process, by the heartbeats that its broker has answered. A process that slept, or
 * is cut off, for longer than a session may have lost its partitions without knowing: until it has heard of the broker
 * again it sends nothing. Used by the thread that polls.
 */
final class Membership {

    /** Those that were answered. */
    private static final String HEARTBEATS = "heartbeat-total";

    private static final int SILENT_PART = 3;

    private final Supplier<Map<MetricName, ? extends Metric>> metrics;
    private final Duration session;
    private final Lease lease;
    private Lease.Request request;
    private @Nullable Metric heartbeats;
    private double answered;
    private long answeredAt = System.nanoTime();

    /**
     * A member that has just begun to join.
     *
     * @param metrics of its client
     * @param session after how long without a heartbeat the group goes on without it
     */
    Membership(Supplier<Map<MetricName, ? extends Metric>> metrics, Duration session) {
        this.metrics = metrics;
        this.session = session;
        this.lease = Lease.of(session);
        this.request = lease.request();
    }

    Lease lease() {
        return lease;
    }

    /** Whether it was ever a member. */
    boolean isJoined() {
        return answered > 0;
    }

    /** Looks how it is; returns why nothing is read, if nothing was answered for a third of a session. */
    Optional<String> look() {
        double now = heartbeats();
        if (now > answered) {
            answered = now;
            answeredAt = System.nanoTime();
            request.granted(); // by an answer to what was asked since the last look, or shortly before
        }
        request = lease.request();
        if (System.nanoTime() - answeredAt <= session.toNanos() / SILENT_PART) {
            return Optional.empty();
        }
        return Optional.of(
                isJoined()
                        ? "the broker does not answer"
                        : "this process is no member of its group yet: the broker does not answer, or the group waits for"
                                + " another member");
    }

    private double heartbeats() {
        if (heartbeats == null) {
            heartbeats = metrics.get().entrySet().stream()
                    .filter(metric -> metric.getKey().name().equals(HEARTBEATS))
                    .map(metric -> (Metric) metric.getValue())
                    .findFirst()
                    .orElse(null);
        }
        return heartbeats != null && heartbeats.metricValue() instanceof Double total ? total : 0;
    }
}
