package dev.drover.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Is told by the group which partitions are taken and given, and settles those that are taken before they go to another
 * process; Camel's own listener is told after that. Used by the thread that polls.
 */
final class Rebalances implements ConsumerRebalanceListener {

    private final Handover handover;
    private final Duration drain;
    private final Consumer<Collection<TopicPartition>> given;
    private final ConsumerRebalanceListener next;

    /**
     * Those of one member.
     *
     * @param drain how long what is in flight may take
     * @param given is told of partitions that are given, before any of their records is polled
     * @param next Camel's own
     */
    Rebalances(
            Handover handover,
            Duration drain,
            Consumer<Collection<TopicPartition>> given,
            ConsumerRebalanceListener next) {
        this.handover = handover;
        this.drain = drain;
        this.given = given;
        this.next = next;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        handover.giveUp(partitions, drain);
        next.onPartitionsRevoked(partitions);
    }

    /** The group has gone on without this process: another one may be at work already. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        handover.giveUp(partitions, Duration.ZERO);
        next.onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        given.accept(partitions);
        next.onPartitionsAssigned(partitions);
    }
}
