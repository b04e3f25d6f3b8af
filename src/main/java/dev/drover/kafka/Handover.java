package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives partitions up. Their records in flight have some time to settle. The remaining records are neither committed nor
 * sent any more. Used by the polling thread.
 */
final class Handover {

    private static final Duration TICK = Duration.ofMillis(10);

    private final Ledger ledger;
    private final Offsets offsets;
    private final Room room;

    Handover(Ledger ledger, Offsets offsets, Room room) {
        this.ledger = ledger;
        this.offsets = offsets;
        this.room = room;
    }

    /**
     * A listener that settles revoked partitions before another process gets them.
     *
     * @param drain how long their records in flight may take
     * @param assigned called with new partitions before any of their records is polled
     * @param next the listener of Camel, called last
     */
    ConsumerRebalanceListener listener(
            Duration drain, Consumer<Collection<TopicPartition>> assigned, ConsumerRebalanceListener next) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                giveUp(partitions, drain);
                next.onPartitionsRevoked(partitions);
            }

            /** The group continued without this process: another one may be reading them already. */
            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                giveUp(partitions, Duration.ZERO);
                next.onPartitionsLost(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                assigned.accept(partitions);
                next.onPartitionsAssigned(partitions);
            }
        };
    }

    /** Waits until they are settled and committed, at most this long. After zero it does not commit. */
    void giveUp(Collection<TopicPartition> partitions, Duration patience) {
        List<TopicPartition> taken = List.copyOf(partitions);
        if (!patience.isZero()) {
            awaitSettled(taken, patience);
            ledger.writing().writeNow();
        }
        abandon(taken);
        room.forget(taken);
    }

    /** Closes incomplete batches first: records that are read again must not join a batch that is no longer sent. */
    void abandon(Collection<TopicPartition> partitions) {
        ledger.collecting().flush();
        partitions.forEach(partition -> ledger.abandon(partition.toString()));
        offsets.forget(partitions);
    }

    private void awaitSettled(List<TopicPartition> partitions, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (partitions.stream().anyMatch(partition -> ledger.window(partition.toString()) > 0)
                && ledger.halted().isEmpty()
                && System.nanoTime() - end < 0) {
            try {
                ledger.collecting().flush();
                Thread.sleep(TICK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
