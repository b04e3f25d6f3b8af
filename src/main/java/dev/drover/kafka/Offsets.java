package dev.drover.kafka;

import dev.drover.ledger.Lease;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the offset after the last settled record of each partition of this process. Used by the polling thread only,
 * because a Kafka client refuses other threads.
 */
final class Offsets implements Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Offsets.class);

    /** Each commit includes all offsets settled since the last one. */
    private static final Duration PACE = Duration.ofMillis(100);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final Lease lease;

    /** The first offset polled from each partition since its assignment. */
    private final Map<TopicPartition, Long> firstPolled = new HashMap<>();

    private boolean haltLogged;

    /** @param lease of the membership in the group */
    Offsets(Consumer<?, ?> consumer, Lease lease) {
        this.consumer = consumer;
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

    /** A poll returned records of a partition, the first one at this offset. */
    void polled(TopicPartition partition, long offset) {
        firstPolled.putIfAbsent(partition, offset);
    }

    /** The first offset polled since the assignment; empty if there is none. */
    OptionalLong firstPolled(TopicPartition partition) {
        Long first = firstPolled.get(partition);
        return first == null ? OptionalLong.empty() : OptionalLong.of(first);
    }

    /** These partitions are revoked, or polled again from another offset. */
    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(firstPolled::remove);
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
            commit(next);
        } catch (KafkaException e) {
            throw new SettlementException("the offsets cannot be committed: " + e.getMessage(), e);
        }
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> settled) {
        Map<TopicPartition, OffsetAndMetadata> owned = newer(settled);
        owned.keySet().retainAll(consumer.assignment());
        if (!owned.isEmpty()) {
            consumer.commitSync(owned, PATIENCE);
        }
    }

    /**
     * The offsets that may be committed. If a partition went to another process and came back, an offset settled before is
     * older than the commits of that process.
     */
    Map<TopicPartition, OffsetAndMetadata> newer(Map<TopicPartition, OffsetAndMetadata> settled) {
        Map<TopicPartition, OffsetAndMetadata> newer = new HashMap<>(settled);
        newer.entrySet()
                .removeIf(next -> next.getValue().offset() <= firstPolled.getOrDefault(next.getKey(), Long.MAX_VALUE));
        return newer;
    }

    /** Commits all settled offsets that are not committed yet, and logs failures. */
    void catchUp(Ledger ledger) {
        ledger.writing().write();
        ledger.tally()
                .takeSettlementFailure()
                .filter(failure -> !(failure.getCause() instanceof RebalanceInProgressException)) // a normal event
                .ifPresent(failure -> LOG.warn("{}: {}; tried again", ledger.pipeline(), failure.getMessage()));
        ledger.halted().filter(why -> !haltLogged).ifPresent(why -> {
            haltLogged = true;
            LOG.error("{}: halted, nothing more is read: {}", ledger.pipeline(), why);
        });
    }
}
