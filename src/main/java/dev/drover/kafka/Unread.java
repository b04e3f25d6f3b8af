package dev.drover.kafka;

import dev.drover.config.Mode;
import dev.drover.pages.Pipeline;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records of the partitions that this process has are not read, and whether the pipeline has come to its end with
 * them. Used by the thread that polls.
 */
final class Unread {

    private final Consumer<?, ?> consumer;
    private final Membership membership;
    private final Pipeline pipeline;

    Unread(Consumer<?, ?> consumer, Membership membership, Pipeline pipeline) {
        this.consumer = consumer;
        this.membership = membership;
        this.pipeline = pipeline;
    }

    /**
     * Looks after a poll; returns whether there is nothing more to read now.
     *
     * @param nothingPolled whether it returned no record
     */
    boolean isNone(boolean nothingPolled) {
        long unread = 0;
        for (TopicPartition partition : consumer.assignment()) {
            unread += consumer.currentLag(partition).orElse(1);
        }
        pipeline.unread(unread);
        boolean drained = nothingPolled && unread == 0 && membership.isJoined();
        pipeline.drained(drained);
        return drained;
    }

    /** There is nothing more to read: a pipeline that drains is finished when all of it is settled. */
    void finish() {
        if (pipeline.config().mode() == Mode.DRAIN) {
            pipeline.ledger().flush();
            if (pipeline.ledger().window() == 0 && pipeline.ledger().halted().isEmpty()) {
                pipeline.state(Pipeline.State.FINISHED);
            }
        }
    }
}
