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
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * A Kafka client that commits over settled records only. Camel polls it and routes what it polls, on one thread; each
 * poll first commits what was settled since, pauses the partitions that have no room in the window, and then returns the
 * next records of the others. Partitions that are taken away have some time to settle; what is left of them is given up
 * without a commit, and nothing of it is sent any more.
 *
 * <p>Not thread-safe, as every Kafka client.
 */
final class SettlingConsumer extends KafkaConsumer<Object, Object> {

    /** While something is in flight, so that it is committed soon, and room is noticed. */
    private static final Duration SHORT_POLL = Duration.ofMillis(50);

    private static final Duration SESSION = Duration.ofSeconds(45);

    private final Group group;
    private final Duration drain;
    private final Membership membership;
    private final Pipeline pipeline;
    private final Ledger ledger;
    private final SourceState source;
    private final Room room;
    private final FirstPolled firstPolled = new FirstPolled();
    private final Commits commits = new Commits(this, firstPolled);
    private final LastPoll lastPoll;
    private final Handover handover;
    private final Unread unread;
    private boolean suspended;
    private volatile boolean closed;

    /**
     * A member of a group.
     *
     * @param settings of the Kafka client
     * @param drain how long what is in flight of a partition may take when it is taken away
     */
    SettlingConsumer(Properties settings, Group group, Duration drain) {
        super(settings);
        this.group = group;
        this.drain = drain;
        int atOnce = number(settings, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ConsumerConfig.DEFAULT_MAX_POLL_RECORDS);
        int session = number(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
        this.membership = new Membership(this::metrics, Duration.ofMillis(session));
        this.pipeline = group.open(new Offsets(commits::commit, membership.lease()), atOnce);
        this.ledger = pipeline.ledger();
        this.source = new SourceState(pipeline);
        this.room = new Room(pipeline, atOnce);
        this.lastPoll = new LastPoll(ledger);
        this.handover = new Handover(ledger, firstPolled, room);
        this.unread = new Unread(this, membership, pipeline);
    }

    private static int number(Properties settings, String name, int fallback) {
        Object value = settings.get(name);
        return value == null ? fallback : Integer.parseInt(value.toString());
    }

    /** A record of the last poll begins its way through the route. */
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
        source.silent(membership.look());
        commits.catchUp(ledger);
        pauseWhereFull();
        boolean waits = ledger.window() > 0 || room.isFullSomewhere();
        ConsumerRecords<Object, Object> polled = pollOrTell(waits ? SHORT_POLL : timeout);
        polled.partitions().forEach(partition -> open(partition, polled.records(partition)));
        if (unread.isNone(polled.isEmpty()) && !suspended) {
            unread.finish();
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

    /** Camel's own strategies for a poll that fails skip records, or end the route for good. */
    private ConsumerRecords<Object, Object> pollOrTell(Duration timeout) {
        try {
            ConsumerRecords<Object, Object> polled = super.poll(timeout);
            source.answered();
            return polled;
        } catch (WakeupException | InterruptException e) {
            throw e; // it is told to stop
        } catch (KafkaException e) {
            source.failed(e);
            return ConsumerRecords.empty();
        }
    }

    private void open(TopicPartition partition, List<ConsumerRecord<Object, Object>> records) {
        lastPoll.open(partition, records);
        firstPolled.polled(partition, records.get(0).offset());
    }

    /** Camel reads no more for a while, or at its end: what is given up from now on is polled again. */
    @Override
    public void pause(Collection<TopicPartition> partitions) {
        suspended = true;
        ledger.stopping(true);
        pipeline.state(Pipeline.State.STOPPED);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        suspended = false;
        room.forget(partitions);
        partitions.forEach(this::readAgain);
        ledger.stopping(false);
        pipeline.state(Pipeline.State.RUNNING);
        super.resume(partitions);
    }

    /** Camel has set those back that have a commit; what was given up of the others would be missing for ever. */
    private void readAgain(TopicPartition partition) {
        OptionalLong first = firstPolled.of(partition);
        if (first.isPresent() && ledger.window(partition.toString()) > 0) {
            seek(partition, first.getAsLong());
        }
    }

    /** Only back, so that nothing is skipped. What is read again from there must not be in flight from before. */
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
        return new Rebalances(handover, drain, this::leaveAtRest, next);
    }

    /** The poll in which it is given one goes on, and would return records of it. */
    private void leaveAtRest(Collection<TopicPartition> given) {
        if (suspended) {
            super.pause(given);
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

    /** The last that is polled here: what is in flight has the time of a drain. */
    private void end() {
        Duration patience = suspended ? SHORT_POLL : drain; // Camel has waited where it has suspended it
        ledger.stopping(true);
        suspended = true;
        lastPoll.close(suspended);
        handover.giveUp(assignment(), patience);
        if (pipeline.state() == Pipeline.State.RUNNING) {
            pipeline.state(Pipeline.State.STOPPED);
        }
    }
}
