package dev.drover.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * From which offset each partition was polled first since it was given to this process. Used by the thread that polls.
 */
final class FirstPolled {

    private final Map<TopicPartition, Long> offsets = new HashMap<>();

    /** A poll has returned records of a partition, the first of them at this offset. */
    void polled(TopicPartition partition, long offset) {
        offsets.putIfAbsent(partition, offset);
    }

    /** Empty if nothing of the partition was polled since it was given. */
    OptionalLong of(TopicPartition partition) {
        Long first = offsets.get(partition);
        return first == null ? OptionalLong.empty() : OptionalLong.of(first);
    }

    /** They are taken away, or are polled again from elsewhere. */
    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(offsets::remove);
    }

    /**
     * The offsets that may be committed. What was settled before a partition went to another process and came back, and
     * could not be committed then, is older than what the other has committed since.
     */
    Map<TopicPartition, OffsetAndMetadata> newer(Map<TopicPartition, OffsetAndMetadata> settled) {
        Map<TopicPartition, OffsetAndMetadata> newer = new HashMap<>(settled);
        newer.entrySet()
                .removeIf(next -> next.getValue().offset() <= offsets.getOrDefault(next.getKey(), Long.MAX_VALUE));
        return newer;
    }
}
