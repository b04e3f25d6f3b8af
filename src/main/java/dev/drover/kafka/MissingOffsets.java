package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides what to do with a partition whose next record is not there. The client alone would skip records silently: those
 * that the topic has deleted before they were read, and those that are published before a group that begins at the end has
 * committed its first offset. Used by the polling thread.
 */
final class MissingOffsets {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final Ledger ledger;
    private final String beginning;

    /** @param beginning where a new group begins: {@code earliest} or {@code latest} */
    MissingOffsets(Consumer<?, ?> consumer, Ledger ledger, String beginning) {
        this.consumer = consumer;
        this.ledger = ledger;
        this.beginning = beginning;
    }

    /** Takes the place of a new group from the settings of the client, which then reports missing offsets. */
    static String takeBeginning(Properties settings) {
        Object beginning = settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return beginning == null ? "latest" : beginning.toString();
    }

    /**
     * Goes to the beginning or the end of the topic if the group is new, and halts if records are missing.
     *
     * @throws NoOffsetForPartitionException if a new group may not begin anywhere
     */
    void resolve(InvalidOffsetException failure) {
        if (failure instanceof OffsetOutOfRangeException outside) {
            outside.offsetOutOfRangePartitions().forEach(this::halt);
        } else if (beginning.equals("earliest")) {
            consumer.seekToBeginning(failure.partitions());
        } else if (beginning.equals("latest")) {
            beginAtTheEnd(failure);
        } else {
            throw failure;
        }
    }

    /** Commits first: otherwise the next start would begin at a later end. */
    private void beginAtTheEnd(InvalidOffsetException failure) {
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        consumer.endOffsets(failure.partitions())
                .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
        consumer.commitSync(ends, PATIENCE);
        ends.forEach(consumer::seek);
    }

    private void halt(TopicPartition partition, long next) {
        long first = consumer.beginningOffsets(Set.of(partition)).getOrDefault(partition, next);
        String remedy =
                "; stop the forwarders of the group, set its offset with kafka-consumer-groups, and start them again";
        if (next < first) {
            ledger.halt("the records of " + partition + " from offset " + next + " to " + (first - 1)
                    + " were deleted before they were read" + remedy);
        } else {
            long end = consumer.endOffsets(Set.of(partition)).getOrDefault(partition, next);
            ledger.halt(partition + " ends at offset " + end + ", before the offset " + next
                    + " to be read: the topic was created again, or the broker has lost records" + remedy);
        }
    }
}
