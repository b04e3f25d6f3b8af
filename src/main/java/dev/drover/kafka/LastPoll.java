package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What the last poll returned, while Camel gives it to the route. Used by the thread that polls. */
final class LastPoll {

    private final Ledger ledger;
    private final Map<TopicPartition, PolledRecords> underway = new HashMap<>();

    LastPoll(Ledger ledger) {
        this.ledger = ledger;
    }

    /** It returned these records of a partition: they are a page. */
    void open(TopicPartition partition, List<? extends ConsumerRecord<?, ?>> records) {
        OpenPage page = ledger.open(partition.toString(), RecordAt.KEY, records.size());
        page.answered();
        underway.put(partition, new PolledRecords(page, partition, records));
    }

    /** One of its records begins its way through the route. */
    RecordOnPage begin(TopicPartition partition, long offset) {
        PolledRecords polled = underway.get(partition);
        if (polled == null) {
            throw new IllegalStateException("a record of " + partition + " was not polled here");
        }
        return polled.begin(offset);
    }

    /**
     * All of it has passed the route: Camel gives one record after the other to it.
     *
     * @param suspended whether Camel may have stopped before the last one
     */
    void close(boolean suspended) {
        for (PolledRecords polled : underway.values()) {
            if (polled.isInterrupted() && !suspended) {
                ledger.halt("records of " + polled.partition() + " were not seen: the route must begin with the step"
                        + " process: {ref: partitions}, and breakOnFirstError must not be set");
            }
            polled.close();
        }
        underway.clear();
    }
}
