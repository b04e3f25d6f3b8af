package dev.drover.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.ledger.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetsTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private final Offsets offsets = new Offsets(null, Lease.of(Duration.ofMinutes(1)));

    @Test
    void shouldCommitOnlyWhatWasPolledSinceThePartitionWasGiven() {
        // Given
        offsets.polled(FIRST, 20);
        offsets.polled(FIRST, 40);

        // Then
        assertThat(newer(FIRST, 21)).containsExactlyEntriesOf(Map.of(FIRST, 21L));
        assertThat(newer(FIRST, 20)).isEmpty();
        assertThat(newer(SECOND, 21)).isEmpty();
    }

    @Test
    void shouldCommitNothingOfBeforeWhenAPartitionHasGoneAndComeBack() {
        // Given
        offsets.polled(FIRST, 0);
        offsets.polled(SECOND, 0);

        // When
        offsets.forget(List.of(FIRST));

        // Then
        assertThat(newer(FIRST, 20)).isEmpty();
        assertThat(newer(SECOND, 20)).containsExactlyEntriesOf(Map.of(SECOND, 20L));
        assertThat(offsets.firstPolled(FIRST)).isEmpty();

        // When
        offsets.polled(FIRST, 40);

        // Then
        assertThat(newer(FIRST, 20)).isEmpty();
        assertThat(newer(FIRST, 60)).containsExactlyEntriesOf(Map.of(FIRST, 60L));
        assertThat(offsets.firstPolled(FIRST)).hasValue(40);
    }

    private Map<TopicPartition, Long> newer(TopicPartition partition, long settled) {
        Map<TopicPartition, Long> newer = new HashMap<>();
        offsets.newer(Map.of(partition, new OffsetAndMetadata(settled)))
                .forEach((committed, offset) -> newer.put(committed, offset.offset()));
        return newer;
    }
}
