package dev.drover.observe;

import dev.drover.pages.Pipeline;
import java.time.Duration;

/**
 * How far a pipeline is behind its source: the age of the last moment of which everything is settled that could be read
 * then. A moment at which the source was drained is remembered until the checkpoint has passed what was read by then.
 * Looked at by one thread.
 */
final class Progressing {

    private long caughtUp;
    private long drainedAt;
    private long drainedRows = -1;

    Progressing(long nanos) {
        caughtUp = nanos;
    }

    Duration look(Pipeline pipeline, long nanos) {
        long passed = pipeline.tally().rows() - pipeline.ledger().window();
        if (drainedRows >= 0 && passed >= drainedRows) {
            caughtUp = drainedAt;
            drainedRows = -1;
        }
        if (drainedRows < 0 && pipeline.drained()) {
            drainedAt = nanos;
            drainedRows = pipeline.tally().rows();
            if (passed >= drainedRows) {
                caughtUp = nanos;
                drainedRows = -1;
            }
        }
        return Duration.ofNanos(nanos - caughtUp);
    }
}
