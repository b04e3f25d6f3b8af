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
 * The membership in the group, as shown by the heartbeats that the broker has answered. A process that was suspended or
 * cut off for longer than a session may have lost its partitions unnoticed. It sends nothing until the broker answers
 * again. The client sends heartbeats on its own thread. Each thread that asks for an ended lease checks them, because the
 * polling thread may itself be waiting for the records in flight. Thread-safe.
 */
final class Membership {

    /** The metric of answered heartbeats. */
    private static final String HEARTBEATS = "heartbeat-total";

    private static final int SILENT_PART = 3;

    /** The first answer after a lapse may be that this is no member any more. Then no further heartbeat is sent. */
    private static final int ENOUGH_AFTER_A_LAPSE = 2;

    private final Supplier<Map<MetricName, ? extends Metric>> metrics;
    private final Duration session;
    private final Lease lease;
    private Lease.Request request;
    private @Nullable Metric heartbeats;
    private double answered;
    private double enough;
    private boolean lapsed;
    private long answeredAt = System.nanoTime();

    /**
     * A member that is joining.
     *
     * @param metrics of its client
     * @param session after how long without a heartbeat the group drops this member
     */
    Membership(Supplier<Map<MetricName, ? extends Metric>> metrics, Duration session) {
        this.metrics = metrics;
        this.session = session;
        this.lease = Lease.of(session, this::look);
        this.request = lease.request();
    }

    Lease lease() {
        return lease;
    }

    /** Whether it has ever been a member. */
    synchronized boolean isJoined() {
        return answered > 0;
    }

    /** Returns why nothing is read if no heartbeat was answered for a third of a session. */
    synchronized Optional<String> silent() {
        look();
        if (System.nanoTime() - answeredAt <= session.toNanos() / SILENT_PART) {
            return Optional.empty();
        }
        return Optional.of(
                isJoined()
                        ? "the broker does not answer"
                        : "this process is not a member of its group yet: the broker does not answer, or the group waits for"
                                + " another member");
    }

    private synchronized void look() {
        double now = heartbeats();
        if (!lapsed && !lease.lasts()) {
            lapsed = true;
            enough = now + ENOUGH_AFTER_A_LAPSE;
        }
        if (now > answered) {
            answered = now;
            answeredAt = System.nanoTime();
            if (!lapsed || now >= enough) {
                request.granted(); // the answer is to a heartbeat sent since the last check, or shortly before
                lapsed = false;
            }
        }
        request = lease.request();
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
