package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The records of the last poll, while Camel passes them to the route. Used by the polling thread. */
final class LastPoll {

    private final Ledger ledger;
    private final Map<TopicPartition, PolledRecords> underway = new HashMap<>();

    LastPoll(Ledger ledger) {
        this.ledger = ledger;
    }

    void open(TopicPartition partition, int records) {
        OpenPage page = ledger.open(partition.toString(), RecordAt.KEY, records);
        page.answered();
        underway.put(partition, new PolledRecords(page, partition, records));
    }

    /** A record enters the route. */
    RecordOnPage begin(TopicPartition partition, long offset) {
        PolledRecords polled = underway.get(partition);
        if (polled == null) {
            throw new IllegalStateException("a record of " + partition + " was not polled here");
        }
        return polled.begin(offset);
    }

    /**
     * All records have passed the route, because Camel passes one after the other.
     *
     * @param suspended whether Camel may have stopped before the last record
     */
    void close(boolean suspended) {
        for (PolledRecords polled : underway.values()) {
            if (polled.isInterrupted() && !suspended) {
                ledger.halt("records of " + polled.partition + " were not seen: the route must begin with the step"
                        + " process: {ref: partitions}, and breakOnFirstError must not be set");
            }
            polled.close();
        }
        underway.clear();
    }

    /** The records of one partition in one poll: a page. */
    private static final class PolledRecords {

        private final OpenPage page;
        private final TopicPartition partition;
        private final int polled;
        private int begun;
        private long last;

        PolledRecords(OpenPage page, TopicPartition partition, int polled) {
            this.page = page;
            this.partition = partition;
            this.polled = polled;
        }

        RecordOnPage begin(long offset) {
            begun++;
            last = offset;
            return new RecordOnPage(page, List.of(RecordAt.row(partition, offset)));
        }

        /** Whether the route received some records but not all: the others would be skipped. */
        boolean isInterrupted() {
            return begun < polled;
        }

        /** The records that began have ended or are in a batch; the others are polled again. */
        void close() {
            if (begun == 0) {
                page.discard();
            } else {
                page.close(begun, RecordAt.cursor(partition, last));
            }
        }
    }
}
