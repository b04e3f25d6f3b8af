package dev.drover.kafka;

import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import dev.drover.pages.Mode;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka client that commits over settled records only. Camel polls it and routes what it polls, on one thread; each
 * poll first commits what was settled since, pauses the partitions that have no room in the window, and then returns the
 * next records of the others. Partitions that are taken away have some time to settle; what is left of them is given up
 * without a commit, and nothing of it is sent any more.
 *
 * <p>Not thread-safe, as every Kafka client.
 */
final class SettlingConsumer extends KafkaConsumer<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(SettlingConsumer.class);

    /** While something is in flight, so that it is committed soon, and room is noticed. */
    private static final Duration SHORT_POLL = Duration.ofMillis(50);

    private static final Duration SESSION = Duration.ofSeconds(45);

    private final Group group;
    private final Duration drain;
    private final Membership membership;
    private final Pipeline pipeline;
    private final SourceState source;
    private final Room room;
    private final Ledger ledger;
    private final Map<TopicPartition, PolledRecords> underway = new HashMap<>();
    private final Map<TopicPartition, Long> firstPolled = new HashMap<>();
    private boolean suspended;
    private boolean toldHalt;
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
        this.pipeline = group.open(new Offsets(this::commitOwned, membership.lease()), atOnce);
        this.ledger = pipeline.ledger();
        this.source = new SourceState(pipeline);
        this.room = new Room(pipeline, atOnce);
    }

    private static int number(Properties settings, String name, int fallback) {
        Object value = settings.get(name);
        return value == null ? fallback : Integer.parseInt(value.toString());
    }

    /** A record of the last poll begins its way through the route. */
    RecordOnPage begin(TopicPartition partition, long offset) {
        PolledRecords polled = underway.get(partition);
        if (polled == null) {
            throw new IllegalStateException("a record of " + partition + " was not polled here");
        }
        return polled.begin(offset);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public ConsumerRecords<Object, Object> poll(Duration timeout) {
        closePages();
        settle();
        pauseWhereFull();
        boolean waits = ledger.window() > 0 || room.isFullSomewhere();
        ConsumerRecords<Object, Object> polled = pollOrTell(waits ? SHORT_POLL : timeout);
        polled.partitions().forEach(partition -> openPage(partition, polled));
        lookAtEnd(polled.isEmpty());
        return polled;
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

    private void openPage(TopicPartition partition, ConsumerRecords<Object, Object> polled) {
        OpenPage page = ledger.open(
                partition.toString(), RecordAt.KEY, polled.records(partition).size());
        page.answered();
        underway.put(partition, new PolledRecords(page, partition, polled.records(partition)));
        firstPolled.putIfAbsent(partition, polled.records(partition).get(0).offset());
    }

    /** All records of the last poll have passed the route: Camel gives them to it one after the other. */
    private void closePages() {
        for (PolledRecords polled : underway.values()) {
            if (polled.isInterrupted() && !suspended) {
                ledger.halt("records of " + polled.partition() + " were not seen: the route must begin with the step"
                        + " process: {ref: partitions}, and breakOnFirstError must not be set");
            }
            polled.close();
        }
        underway.clear();
    }

    private void settle() {
        source.silent(membership.look());
        ledger.retryWrites();
        ledger.tally()
                .takeSettlementFailure()
                .filter(failure -> !(failure.getCause() instanceof RebalanceInProgressException)) // as it goes
                .ifPresent(failure -> LOG.warn("{}: {}; tried again", group.name(), failure.getMessage()));
        ledger.halted().filter(why -> !toldHalt).ifPresent(why -> {
            toldHalt = true;
            LOG.error("{}: halted, nothing more is read: {}", group.name(), why);
        });
    }

    /**
     * What was settled before a partition went to another process and came back, and could not be committed then, is older
     * than what the other has committed since.
     */
    private void commitOwned(Map<TopicPartition, OffsetAndMetadata> settled) {
        Map<TopicPartition, OffsetAndMetadata> owned = new HashMap<>(settled);
        owned.keySet().retainAll(assignment());
        owned.entrySet()
                .removeIf(next -> next.getValue().offset() <= firstPolled.getOrDefault(next.getKey(), Long.MAX_VALUE));
        if (!owned.isEmpty()) {
            commitSync(owned, SHORT_POLL.multipliedBy(100));
        }
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

    private void lookAtEnd(boolean nothingPolled) {
        long unread = 0;
        for (TopicPartition partition : assignment()) {
            unread += currentLag(partition).orElse(1);
        }
        pipeline.unread(unread);
        boolean drained = nothingPolled && unread == 0 && membership.isJoined();
        pipeline.drained(drained);
        if (drained && pipeline.config().mode() == Mode.DRAIN && !suspended) {
            ledger.flush();
            if (ledger.window() == 0 && ledger.halted().isEmpty()) {
                pipeline.state(Pipeline.State.FINISHED);
            }
        }
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
        Long first = firstPolled.get(partition);
        if (first != null && ledger.window(partition.toString()) > 0) {
            seek(partition, first);
        }
    }

    /** Only back, so that nothing is skipped. What is read again from there must not be in flight from before. */
    @Override
    public void seek(TopicPartition partition, long offset) {
        if (offset <= position(partition)) {
            abandon(Set.of(partition));
            firstPolled.remove(partition);
            super.seek(partition, offset);
        }
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Rebalances(listener));
    }

    @Override
    public void subscribe(Pattern topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Rebalances(listener));
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
        closePages();
        giveUp(assignment(), patience);
        if (pipeline.state() == Pipeline.State.RUNNING) {
            pipeline.state(Pipeline.State.STOPPED);
        }
    }

    private void giveUp(Collection<TopicPartition> partitions, Duration patience) {
        List<TopicPartition> taken = new ArrayList<>(partitions);
        if (!patience.isZero()) {
            awaitSettled(taken, patience);
            ledger.writeNow();
        }
        abandon(taken);
        firstPolled.keySet().removeAll(taken);
        room.forget(taken);
    }

    /** Closes incomplete batches before: what is read again must not come to one that is not sent any more. */
    private void abandon(Collection<TopicPartition> partitions) {
        ledger.flush();
        partitions.forEach(partition -> ledger.abandon(partition.toString()));
    }

    private void awaitSettled(List<TopicPartition> partitions, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (partitions.stream().anyMatch(partition -> ledger.window(partition.toString()) > 0)
                && ledger.halted().isEmpty()
                && System.nanoTime() - end < 0) {
            try {
                ledger.flush();
                Thread.sleep(SHORT_POLL.toMillis() / 5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Settles before a partition goes to another process; Camel's own listener is told after that. */
    private final class Rebalances implements ConsumerRebalanceListener {

        private final ConsumerRebalanceListener next;

        Rebalances(ConsumerRebalanceListener next) {
            this.next = next;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            giveUp(partitions, drain);
            next.onPartitionsRevoked(partitions);
        }

        /** The group has gone on without this process: another one may be at work already. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            giveUp(partitions, Duration.ZERO);
            next.onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (suspended) {
                SettlingConsumer.super.pause(partitions);
            }
            next.onPartitionsAssigned(partitions);
        }
    }
}
