package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Divides the window among the partitions, so that a blocked partition leaves room for the others. Used by the polling
 * thread.
 */
final class Room {

    /** The change of a partition since the last look. */
    enum Change {
        /** Stop polling it. */
        FULL_NOW,
        /** Poll it again. */
        FREE_AGAIN,
        /** No change. */
        AS_BEFORE
    }

    private static final Duration BEFORE_FLUSH = Duration.ofMillis(200);

    private final Pipeline pipeline;
    private final Ledger ledger;
    private final int atOnce;
    private final Set<TopicPartition> full = new HashSet<>();
    private long fullSince = System.nanoTime();

    /** @param atOnce how many records one poll may return, possibly all of one partition */
    Room(Pipeline pipeline, int atOnce) {
        this.pipeline = pipeline;
        this.ledger = pipeline.ledger();
        this.atOnce = atOnce;
    }

    /** Looks at one of {@code partitions} partitions. A pipeline that is not running has no room. */
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

    /** Flushes incomplete batches if the window stays full, because they may be what fills it. */
    void flushWhereFull() {
        long now = System.nanoTime();
        if (full.isEmpty()) {
            fullSince = now;
        } else if (now - fullSince > BEFORE_FLUSH.toNanos()) {
            fullSince = now;
            ledger.collecting().flush();
        }
    }

    void forget(Collection<TopicPartition> partitions) {
        full.removeAll(Set.copyOf(partitions));
    }
}
