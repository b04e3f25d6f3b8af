package dev.drover.observe;

import dev.drover.pages.Pipeline;
import dev.drover.pages.RowsAhead;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one pipeline that this process owns or stands by for. One thread at a time observes the pipeline;
 * any thread may read the results.
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

    /** @param stalled the longest time in which no record in flight is settled */
    Observed(String name, Duration stalled) {
        this.name = name;
        this.stalled = stalled;
    }

    String name() {
        return name;
    }

    /**
     * Observes the pipeline now.
     *
     * @param now the owned pipeline; null while the process stands by
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

    /** For how long nothing was settled; zero if records are being settled or nothing is in flight. */
    private Duration still(Pipeline now, long nanos) {
        boolean busy = now.ledger().window() > 0 || !now.ledger().deliveries().isEmpty();
        if (!busy || now.tally().settled() != settled) {
            settled = now.tally().settled();
            settledAt = nanos;
        }
        return Duration.ofNanos(nanos - settledAt);
    }

    /** Remembers when the source was last drained until the checkpoint has passed the rows read by then. */
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

    /** Counts the rows ahead if {@link #rowsAhead} was called since the last count. */
    void count(CamelContext context) {
        Pipeline counted = pipeline;
        if (rowsWanted && counted != null) {
            rowsWanted = false;
            OptionalLong rows = RowsAhead.count(context, counted);
            rowsAhead = rows.isPresent() ? rows.getAsLong() : Double.NaN;
        }
    }

    /** The owned pipeline; null while the process stands by. */
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

    /** One of {@link PipelineStatus#STATES}, or {@link #STANDBY}. */
    String state() {
        Pipeline owned = pipeline;
        return owned == null ? STANDBY : PipelineStatus.state(owned);
    }

    /** How long ago the pipeline was last fully caught up with its source. */
    Duration behind() {
        return behind;
    }

    /** The last count of the rows after the checkpoint, or NaN. Requests the next count. */
    double rowsAhead() {
        rowsWanted = true;
        return rowsAhead;
    }
}
