package dev.drover.observe;

import dev.drover.pages.Pipeline;
import dev.drover.pages.RowsAhead;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * What the watch has seen of one pipeline, which this process owns or stands by for. One thread at a time looks at the
 * pipeline; any thread may read the result.
 */
final class Observed {

    static final String STANDBY = "standby";

    private final String name;
    private final Duration stalled;
    private volatile @Nullable Pipeline pipeline;
    private long settled = -1;
    private long settledAt;
    private long caughtUpAt = System.nanoTime();
    private long drainedAt;
    private long drainedRows = -1;
    private volatile Duration still = Duration.ZERO;
    private volatile Duration behind = Duration.ZERO;
    private volatile double rowsAhead = Double.NaN;
    private volatile boolean rowsWanted;

    /**
     * Nothing was seen yet.
     *
     * @param stalled for how long nothing of what is in flight may be settled
     */
    Observed(String name, Duration stalled) {
        this.name = name;
        this.stalled = stalled;
    }

    String name() {
        return name;
    }

    /**
     * Looks at it now.
     *
     * @param now null while it stands by
     */
    void look(@Nullable Pipeline now, long nanos) {
        if (now != pipeline) {
            settled = -1;
            caughtUpAt = nanos;
            drainedRows = -1;
            pipeline = now;
        }
        if (now == null) {
            still = Duration.ZERO;
            behind = Duration.ZERO;
            rowsAhead = Double.NaN;
            return;
        }
        still = still(now, nanos);
        behind = behind(now, nanos);
    }

    /** How long it has settled nothing; zero while it settles, or has nothing to settle. */
    private Duration still(Pipeline now, long nanos) {
        boolean busy = now.ledger().window() > 0 || !now.ledger().deliveries().isEmpty();
        if (!busy || now.tally().settled() != settled) {
            settled = now.tally().settled();
            settledAt = nanos;
        }
        return Duration.ofNanos(nanos - settledAt);
    }

    /** A moment at which the source was drained is remembered until the checkpoint has passed what was read by then. */
    private Duration behind(Pipeline now, long nanos) {
        long passed = now.tally().rows() - now.ledger().window();
        if (drainedRows >= 0 && passed >= drainedRows) {
            caughtUpAt = drainedAt;
            drainedRows = -1;
        }
        if (drainedRows < 0 && now.drained()) {
            drainedAt = nanos;
            drainedRows = now.tally().rows();
            if (passed >= drainedRows) {
                caughtUpAt = nanos;
                drainedRows = -1;
            }
        }
        return Duration.ofNanos(nanos - caughtUpAt);
    }

    /** Counts the rows ahead, if someone has asked for them since the last count. */
    void count(CamelContext context) {
        Pipeline counted = pipeline;
        if (rowsWanted && counted != null) {
            rowsWanted = false;
            OptionalLong rows = RowsAhead.count(context, counted);
            rowsAhead = rows.isPresent() ? rows.getAsLong() : Double.NaN;
        }
    }

    /** The pipeline that this process owns; null while it stands by. */
    @Nullable
    Pipeline pipeline() {
        return pipeline;
    }

    Readiness readiness() {
        Pipeline owned = pipeline;
        if (owned != null) {
            return Readiness.of(owned, still, stalled);
        }
        return new Readiness(true, "stands by for the process that owns it");
    }

    /** Where it stands: one of those of {@link PipelineStatus}, or {@link #STANDBY}. */
    String state() {
        Pipeline owned = pipeline;
        return owned == null ? STANDBY : PipelineStatus.state(owned);
    }

    /** How long ago the pipeline was last fully caught up with its source. */
    Duration behind() {
        return behind;
    }

    /** The rows after the checkpoint when they were last counted; not a number when they were not, and asked for by this. */
    double rowsAhead() {
        rowsWanted = true;
        return rowsAhead;
    }
}
