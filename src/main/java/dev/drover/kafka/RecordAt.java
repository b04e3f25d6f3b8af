package dev.drover.kafka;

import dev.drover.ledger.Cursor;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The position of a record of a topic, which is its key. */
final class RecordAt {

    static final List<String> KEY = List.of("topic", "partition", "offset");

    private static final int OFFSET = 2;

    private RecordAt() {}

    /** The key as a row. */
    static Map<String, Object> row(TopicPartition partition, long offset) {
        return Map.of("topic", partition.topic(), "partition", partition.partition(), "offset", offset);
    }

    static Cursor cursor(TopicPartition partition, long offset) {
        return new Cursor(KEY, List.of(partition.topic(), partition.partition(), offset));
    }

    static TopicPartition partition(Cursor cursor) {
        return new TopicPartition(
                (String) cursor.values().get(0), (Integer) cursor.values().get(1));
    }

    static long offset(Cursor cursor) {
        return (Long) cursor.values().get(OFFSET);
    }
}
