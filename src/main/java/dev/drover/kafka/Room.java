package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions have room in the window, which they share: one whose records are not settled leaves the others theirs.
 * Used by the thread that polls.
 */
final class Room {

    /** What has changed for a partition since it was last looked at. */
    enum Change {
        /** Nothing more of it is to be polled. */
        FULL_NOW,
        /** It is to be polled again. */
        FREE_AGAIN,
        /** It goes on as it does. */
        AS_BEFORE
    }

    private static final Duration BEFORE_FLUSH = Duration.ofMillis(200);

    private final Pipeline pipeline;
    private final Ledger ledger;
    private final int atOnce;
    private final Set<TopicPartition> full = new HashSet<>();
    private long fullSince = System.nanoTime();

    /**
     * The room of a pipeline.
     *
     * @param atOnce how many records one poll may return, all of them of one partition
     */
    Room(Pipeline pipeline, int atOnce) {
        this.pipeline = pipeline;
        this.ledger = pipeline.ledger();
        this.atOnce = atOnce;
    }

    /** Looks at one of so many partitions; a pipeline that does not run has none. */
    Change look(TopicPartition partition, int partitions) {
        long share = Math.max(atOnce, pipeline.config().maxInFlight() / partitions);
        boolean free =
                pipeline.state() == Pipeline.State.RUNNING && ledger.window(partition.toString()) + atOnce <= share;
        if (free) {
            return full.remove(partition) ? Change.FREE_AGAIN : Change.AS_BEFORE;
        }
        return full.add(partition) ? Change.FULL_NOW : Change.AS_BEFORE;
    }

    boolean isFullSomewhere() {
        return !full.isEmpty();
    }

    /** Deliveries under way may make room at once; when they do not, incomplete batches may be what fills it. */
    void flushWhereFull() {
        long now = System.nanoTime();
        if (full.isEmpty()) {
            fullSince = now;
        } else if (now - fullSince > BEFORE_FLUSH.toNanos()) {
            fullSince = now;
            ledger.flush();
        }
    }

    void forget(Collection<TopicPartition> partitions) {
        full.removeAll(Set.copyOf(partitions));
    }
}
