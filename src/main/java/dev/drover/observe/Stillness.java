package dev.drover.observe;

import dev.drover.pages.Pipeline;
import java.time.Duration;

/** For how long a pipeline with something in flight has settled nothing. Looked at by one thread. */
final class Stillness {

    private long settled = -1;
    private long since;

    /** Looks at the pipeline now; zero while it settles, or has nothing to settle. */
    Duration look(Pipeline pipeline, long nanos) {
        long now = pipeline.tally().settled();
        boolean busy = pipeline.ledger().window() > 0
                || !pipeline.ledger().deliveries().isEmpty();
        if (!busy || now != settled) {
            settled = now;
            since = nanos;
        }
        return Duration.ofNanos(nanos - since);
    }
}
