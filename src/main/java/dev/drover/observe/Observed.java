package dev.drover.observe;

import dev.drover.pages.Pipeline;
import dev.drover.pages.RowsAhead;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * What the watch has seen of one pipeline, which this process owns or stands by for. Looked at by one thread at a time,
 * read by any.
 */
final class Observed {

    static final String STANDBY = "standby";

    private final String name;
    private final Duration stalled;
    private volatile @Nullable Pipeline pipeline;
    private Stillness stillness = new Stillness();
    private Progressing progressing = new Progressing(System.nanoTime());
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
            stillness = new Stillness();
            progressing = new Progressing(nanos);
            pipeline = now;
        }
        if (now == null) {
            still = Duration.ZERO;
            behind = Duration.ZERO;
            rowsAhead = Double.NaN;
            return;
        }
        still = stillness.look(now, nanos);
        behind = progressing.look(now, nanos);
    }

    /** Counts the rows ahead, if somebody has asked since they were counted. */
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

    /** How long ago everything was delivered that could be read then. */
    Duration behind() {
        return behind;
    }

    /** The rows after the checkpoint when they were last counted; not a number when they were not, and asked for by this. */
    double rowsAhead() {
        rowsWanted = true;
        return rowsAhead;
    }
}
