package dev.drover.kafka;

import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The records of one partition that one poll returned: a page. Used by the thread that polls. */
final class PolledRecords {

    private final OpenPage page;
    private final TopicPartition partition;
    private final int polled;
    private int begun;
    private long last;

    PolledRecords(OpenPage page, TopicPartition partition, List<? extends ConsumerRecord<?, ?>> records) {
        this.page = page;
        this.partition = partition;
        this.polled = records.size();
    }

    TopicPartition partition() {
        return partition;
    }

    /** The next of them begins its way through the route. */
    RecordOnPage begin(long offset) {
        begun++;
        last = offset;
        return new RecordOnPage(page, List.of(RecordAt.row(partition, offset)));
    }

    /** Whether the route has been given some of them and not all: the others would be passed over unseen. */
    boolean isInterrupted() {
        return begun < polled;
    }

    /** All that were begun have ended their way, or are in a batch; the others are polled again. */
    void close() {
        if (begun == 0) {
            page.discard();
        } else {
            page.close(begun, RecordAt.cursor(partition, last));
        }
    }
}
