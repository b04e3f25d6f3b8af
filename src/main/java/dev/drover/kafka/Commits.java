package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what is settled of the partitions that this process has, again where it could not, and tells what keeps it from
 * that. Used by the thread that polls.
 */
final class Commits {

    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final FirstPolled firstPolled;
    private boolean toldHalt;

    Commits(Consumer<?, ?> consumer, FirstPolled firstPolled) {
        this.consumer = consumer;
        this.firstPolled = firstPolled;
    }

    /** Commits these offsets, without those of partitions that another process has, or had meanwhile. */
    void commit(Map<TopicPartition, OffsetAndMetadata> settled) {
        Map<TopicPartition, OffsetAndMetadata> owned = firstPolled.newer(settled);
        owned.keySet().retainAll(consumer.assignment());
        if (!owned.isEmpty()) {
            consumer.commitSync(owned, PATIENCE);
        }
    }

    /** Has everything committed that is settled and not committed yet. */
    void catchUp(Ledger ledger) {
        ledger.retryWrites();
        ledger.tally()
                .takeSettlementFailure()
                .filter(failure -> !(failure.getCause() instanceof RebalanceInProgressException)) // as it goes
                .ifPresent(failure -> LOG.warn("{}: {}; tried again", ledger.pipeline(), failure.getMessage()));
        ledger.halted().filter(why -> !toldHalt).ifPresent(why -> {
            toldHalt = true;
            LOG.error("{}: halted, nothing more is read: {}", ledger.pipeline(), why);
        });
    }
}
