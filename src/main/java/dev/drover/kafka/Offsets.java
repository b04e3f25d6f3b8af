package dev.drover.kafka;

import dev.drover.ledger.Lease;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits the offset after the last settled record of each partition. Called only by the thread that polls, because
 * Kafka's client refuses other threads.
 */
final class Offsets implements Settlement {

    /** One commit has all offsets that were settled meanwhile. */
    private static final Duration PACE = Duration.ofMillis(100);

    private final Consumer<Map<TopicPartition, OffsetAndMetadata>> commit;
    private final Lease lease;

    /**
     * Offsets that this consumer commits.
     *
     * @param commit takes the offsets, and commits those of this consumer's partitions
     * @param lease of the membership in the group
     */
    Offsets(Consumer<Map<TopicPartition, OffsetAndMetadata>> commit, Lease lease) {
        this.commit = commit;
        this.lease = lease;
    }

    @Override
    public boolean inOrder() {
        return true;
    }

    @Override
    public boolean isByReader() {
        return true;
    }

    @Override
    public Duration pace() {
        return PACE;
    }

    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public void settle(List<SettledPage> pages) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (SettledPage page : pages) {
            long offset = RecordAt.offset(page.last()) + 1;
            next.merge(
                    RecordAt.partition(page.last()),
                    new OffsetAndMetadata(offset),
                    (one, other) -> one.offset() > other.offset() ? one : other);
        }
        try {
            commit.accept(next);
        } catch (KafkaException e) {
            throw new SettlementException("the offsets cannot be committed: " + e.getMessage(), e);
        }
    }
}
