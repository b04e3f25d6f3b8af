package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives partitions up: what is in flight of them has some time to settle, what is left is neither committed nor sent any
 * more. Used by the thread that polls.
 */
final class Handover {

    private static final Duration TICK = Duration.ofMillis(10);

    private final Ledger ledger;
    private final FirstPolled firstPolled;
    private final Room room;

    Handover(Ledger ledger, FirstPolled firstPolled, Room room) {
        this.ledger = ledger;
        this.firstPolled = firstPolled;
        this.room = room;
    }

    /** Returns when they are settled and committed, at the latest after so long; at once, without a commit, after zero. */
    void giveUp(Collection<TopicPartition> partitions, Duration patience) {
        List<TopicPartition> taken = List.copyOf(partitions);
        if (!patience.isZero()) {
            awaitSettled(taken, patience);
            ledger.writeNow();
        }
        abandon(taken);
        room.forget(taken);
    }

    /** Closes incomplete batches before: what is read again must not come to one that is not sent any more. */
    void abandon(Collection<TopicPartition> partitions) {
        ledger.flush();
        partitions.forEach(partition -> ledger.abandon(partition.toString()));
        firstPolled.forget(partitions);
    }

    private void awaitSettled(List<TopicPartition> partitions, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (partitions.stream().anyMatch(partition -> ledger.window(partition.toString()) > 0)
                && ledger.halted().isEmpty()
                && System.nanoTime() - end < 0) {
            try {
                ledger.flush();
                Thread.sleep(TICK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
