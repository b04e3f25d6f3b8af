package dev.drover.kafka;

import dev.drover.ledger.JavaError;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * A Kafka client that commits settled records only. Camel polls it and routes the records on one thread. Each poll first
 * commits the offsets settled since the last poll, pauses the partitions without room in the window, and then returns the
 * next records of the others. Revoked partitions have some time to settle. Their remaining records are neither committed
 * nor sent any more.
 *
 * <p>Not thread-safe, like every Kafka client.
 */
final class SettlingConsumer extends KafkaConsumer<Object, Object> {

    /** Used while records are in flight, to commit them soon and to notice room. */
    private static final Duration SHORT_POLL = Duration.ofMillis(50);

    private static final Duration SESSION = Duration.ofSeconds(45);

    private final Group group;
    private final Duration drain;
    private final Membership membership;
    private final Pipeline pipeline;
    private final Ledger ledger;
    private final SourceState source;
    private final Room room;
    private final Offsets offsets;
    private final LastPoll lastPoll;
    private final Handover handover;
    private final MissingOffsets missing;
    private boolean suspended;
    private volatile boolean closed;

    /**
     * A member of a group.
     *
     * @param settings of the Kafka client
     * @param beginning where a new group begins, see {@link MissingOffsets}
     * @param drain how long the records in flight of a revoked partition may take
     */
    SettlingConsumer(Properties settings, String beginning, Group group, Duration drain) {
        super(settings);
        this.group = group;
        this.drain = drain;
        int atOnce = number(settings, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ConsumerConfig.DEFAULT_MAX_POLL_RECORDS);
        int session = number(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
        this.membership = new Membership(this::metrics, Duration.ofMillis(session));
        this.offsets = new Offsets(this, membership.lease());
        this.pipeline = group.open(offsets, atOnce);
        this.ledger = pipeline.ledger();
        this.source = new SourceState(pipeline);
        this.room = new Room(pipeline, atOnce);
        this.lastPoll = new LastPoll(ledger);
        this.handover = new Handover(ledger, offsets, room);
        this.missing = new MissingOffsets(this, ledger, beginning);
    }

    private static int number(Properties settings, String name, int fallback) {
        Object value = settings.get(name);
        return value == null ? fallback : Integer.parseInt(value.toString());
    }

    /** A record of the last poll enters the route. */
    RecordOnPage begin(TopicPartition partition, long offset) {
        return lastPoll.begin(partition, offset);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public ConsumerRecords<Object, Object> poll(Duration timeout) {
        try {
            return next(timeout);
        } catch (Error e) {
            JavaError.halt(ledger, e);
            throw e;
        }
    }

    private ConsumerRecords<Object, Object> next(Duration timeout) {
        lastPoll.close(suspended);
        source.silent(membership.silent());
        offsets.catchUp(ledger);
        pauseWhereFull();
        boolean waits = ledger.window() > 0 || room.isFullSomewhere();
        ConsumerRecords<Object, Object> polled = pollOrReport(waits ? SHORT_POLL : timeout);
        polled.partitions().forEach(partition -> open(partition, polled.records(partition)));
        long unread = source.unread(this);
        boolean drained = polled.isEmpty() && unread == 0 && membership.isJoined();
        pipeline.drained(drained);
        if (drained && !suspended) {
            source.finish();
        }
        return polled;
    }

    private void pauseWhereFull() {
        if (suspended) {
            return;
        }
        Set<TopicPartition> assigned = assignment();
        for (TopicPartition partition : assigned) {
            switch (room.look(partition, assigned.size())) {
                case FULL_NOW -> super.pause(Set.of(partition));
                case FREE_AGAIN -> super.resume(Set.of(partition));
                case AS_BEFORE -> {}
            }
        }
        room.flushWhereFull();
    }

    /** Handles failures here, because the strategies of Camel skip records or end the route. */
    private ConsumerRecords<Object, Object> pollOrReport(Duration timeout) {
        try {
            ConsumerRecords<Object, Object> polled = pollOrBegin(timeout);
            source.answered();
            return polled;
        } catch (WakeupException | InterruptException e) {
            throw e; // Camel stops the consumer
        } catch (KafkaException e) {
            source.failed(e);
            return ConsumerRecords.empty();
        }
    }

    private ConsumerRecords<Object, Object> pollOrBegin(Duration timeout) {
        try {
            return super.poll(timeout);
        } catch (InvalidOffsetException e) {
            missing.resolve(e);
            return ConsumerRecords.empty();
        }
    }

    private void open(TopicPartition partition, List<ConsumerRecord<Object, Object>> records) {
        lastPoll.open(partition, records.size());
        offsets.polled(partition, records.get(0).offset());
    }

    /** Camel suspends reading, or stops. Records given up from now on are polled again. */
    @Override
    public void pause(Collection<TopicPartition> partitions) {
        suspended = true;
        ledger.ending().stopping(true);
        pipeline.state(Pipeline.State.STOPPED);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        suspended = false;
        room.forget(partitions);
        partitions.forEach(this::readAgain);
        ledger.ending().stopping(false);
        pipeline.state(Pipeline.State.RUNNING);
        super.resume(partitions);
    }

    /** Camel seeks back only where there is a commit; without this, given-up records of other partitions would be lost. */
    private void readAgain(TopicPartition partition) {
        OptionalLong first = offsets.firstPolled(partition);
        if (first.isPresent() && ledger.window(partition.toString()) > 0) {
            seek(partition, first.getAsLong());
        }
    }

    /** Seeks back only, so that nothing is skipped. Records that are read again must not be in flight already. */
    @Override
    public void seek(TopicPartition partition, long offset) {
        if (offset <= position(partition)) {
            handover.abandon(Set.of(partition));
            super.seek(partition, offset);
        }
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, settling(listener));
    }

    @Override
    public void subscribe(Pattern topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, settling(listener));
    }

    private ConsumerRebalanceListener settling(ConsumerRebalanceListener next) {
        return handover.listener(drain, this::pauseAssigned, next);
    }

    /** Runs inside a poll, which would otherwise return records of the new partitions. */
    private void pauseAssigned(Collection<TopicPartition> assigned) {
        if (suspended) {
            super.pause(assigned);
        } else {
            pauseWhereFull();
        }
    }

    @Override
    public void unsubscribe() {
        end();
        super.unsubscribe();
    }

    @Override
    public void close() {
        if (!closed) {
            end();
            closed = true;
            group.close(pipeline);
        }
        super.close();
    }

    /** Ends polling. Records in flight have the time of a drain to settle. */
    private void end() {
        Duration patience = suspended ? SHORT_POLL : drain; // if suspended, Camel has waited already
        ledger.ending().stopping(true);
        suspended = true;
        lastPoll.close(suspended);
        handover.giveUp(assignment(), patience);
        if (pipeline.state() == Pipeline.State.RUNNING) {
            pipeline.state(Pipeline.State.STOPPED);
        }
    }
}
