package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.batch.Parking;
import dev.drover.batch.PartSender;
import dev.drover.ledger.Backoff;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.FailedAttempt;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.JavaError;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.SettlementException;
import dev.drover.ledger.Sha256;
import dev.drover.store.ParkedStore;
import dev.drover.store.StoredText;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of a pipeline that have parked records. One task for each lane delivers them, oldest batch first, in a pool of
 * the {@code delivery} profile that is not the pool of other batches. After a failure it waits, up to half a minute. A lane
 * is closed when it is empty; from then on its batches are tried again as they come. Memory has the names of the lanes and
 * the batches that are under way. Thread-safe.
 */
final class ParkedLanes {

    private static final Logger LOG = LoggerFactory.getLogger(ParkedLanes.class);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int LOGGED = 10;
    private static final int HASH_BYTES = 28;

    private final CamelContext context;
    private final Ledger ledger;
    private final ParkedStore store;
    private final Map<String, ParkedLane> lanes = new ConcurrentHashMap<>();
    private final Semaphore failing;

    /** The first ids of batches whose writing has failed. They may be in the store all the same. */
    private final Set<String> unheard = new HashSet<>();

    private @Nullable ScheduledExecutorService pool;
    private int opened;

    /** With this number of parked records or fewer, there is room for the batch that found none. */
    private long roomFrom = Long.MAX_VALUE;

    private volatile boolean stopped;

    /** A lane with parked records. Used by its task. */
    private static final class ParkedLane {
        private final String name;
        private final Backoff backoff = new Backoff(FIRST, LONGEST);
        private final List<String> delivered = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();
        private boolean fails = true;

        ParkedLane(String name) {
            this.name = name;
        }
    }

    ParkedLanes(CamelContext context, DataSource store, Ledger ledger) {
        this.context = context;
        this.ledger = ledger;
        this.store =
                new ParkedStore(store, ledger.pipeline(), ledger.settlement().epoch());
        int threads = context.getExecutorServiceManager()
                .getThreadPoolProfile("delivery")
                .getPoolSize();
        this.failing = new Semaphore(Math.max(1, threads / 2));
    }

    boolean isOf(Ledger other) {
        return ledger == other;
    }

    /** Learns what is parked. Returns false if another process owns the pipeline now. */
    boolean take() throws SQLException {
        try {
            Map<String, Long> parked = store.take();
            ledger.tally()
                    .parkedInStore(
                            parked.values().stream().mapToLong(Long::longValue).sum());
            parked.keySet().forEach(this::open);
            return true;
        } catch (FencedException e) {
            ledger.halt(e.getMessage());
            return false;
        }
    }

    /** Delivers no more. A batch under way ends. */
    synchronized void stop() {
        stopped = true;
        shutDown();
    }

    private void shutDown() {
        if (pool != null) {
            context.getExecutorServiceManager().shutdown(pool);
            pool = null;
        }
    }

    boolean isParked(String lane) {
        return lanes.containsKey(lane);
    }

    /** Under a lock, so that no lane is closed meanwhile, and no more records are parked than the limit allows. */
    synchronized boolean park(String name, Batch batch, Parking.Place to, int limit) {
        Batch rest = batch.unsettledPart().orElse(null);
        if (rest == null) {
            return true;
        }
        String first = id(rest, 0);
        if (ledger.tally().parked() + rest.getSize() > limit && !(unheard.contains(first) && store.has(first))) {
            roomFrom = (long) limit - rest.getSize();
            return false;
        }
        try {
            store.add(name, records(rest, to));
            unheard.remove(first);
        } catch (SettlementException e) {
            unheard.add(first);
            throw e;
        } catch (FencedException e) {
            ledger.halt(e.getMessage());
            throw new SettlementException(e.getMessage(), e);
        }
        if (!lanes.containsKey(name)) {
            if (++opened <= LOGGED) {
                LOG.warn(
                        "{}: an address at {} does not accept ({}); its records are parked, and delivered when it does{}",
                        ledger.pipeline(),
                        to.host(),
                        reason(batch),
                        opened == LOGGED ? "; further ones are only counted" : "");
            }
            open(name);
        }
        rest.park();
        return true;
    }

    private static String reason(Batch batch) {
        return batch.lastFailure().map(FailedAttempt::reason).orElse("its batches wait for long");
    }

    /** The id of a record, the same whenever the batch is written again. */
    private static String id(Batch batch, int index) {
        String hex = String.format("%08x", index);
        return new Sha256().add(batch.items().get(0).token()).add(hex).hex(HASH_BYTES) + hex;
    }

    private List<ParkedStore.Parked> records(Batch batch, Parking.Place to) {
        String reason = StoredText.of(
                StoredText.ascii(to.host() + " does not accept: " + reason(batch)), RefusedRecord.LONGEST_REASON);
        List<ParkedStore.Parked> records = new ArrayList<>();
        for (BatchItem item : batch.items()) {
            records.add(new ParkedStore.Parked(
                    id(batch, records.size()),
                    to.route(),
                    StoredText.of(StoredText.ascii(item.key().toString()), RefusedRecord.LONGEST_KEY),
                    CursorJson.write(item.key()),
                    reason,
                    ParkedBody.write(item.body()),
                    item.place()));
        }
        return records;
    }

    private synchronized void open(String name) {
        if (pool == null && !stopped) {
            pool = context.getExecutorServiceManager()
                    .newScheduledThreadPool(this, "parked-" + ledger.pipeline(), "delivery");
        }
        ParkedLane lane = new ParkedLane(name);
        lanes.put(name, lane);
        schedule(lane, lane.backoff.next());
    }

    private synchronized void schedule(ParkedLane lane, Duration delay) {
        if (pool != null && !pool.isShutdown()) {
            ScheduledFuture<?> unused = pool.schedule(() -> run(lane), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Half of the threads are for lanes whose last attempt has succeeded. */
    private void run(ParkedLane lane) {
        if (stopped) {
            return;
        }
        if (ledger.halted().isPresent() || ledger.settlement().lease().isLost()) {
            stop();
            return;
        }
        boolean fails = lane.fails;
        if (ledger.isEnding() || (fails && !failing.tryAcquire())) {
            schedule(lane, FIRST);
            return;
        }
        try {
            advance(lane);
        } catch (SettlementException e) {
            LOG.debug("{}: {}", ledger.pipeline(), e.getMessage(), e);
            schedule(lane, lane.backoff.next());
        } catch (RuntimeException e) {
            LOG.warn("{}: parked records could not be sent, tried again: {}", ledger.pipeline(), e.toString());
            schedule(lane, lane.backoff.next());
        } catch (Error e) {
            JavaError.halt(ledger, e);
        } finally {
            if (fails) {
                failing.release();
            }
        }
    }

    private void advance(ParkedLane lane) {
        remove(lane);
        List<ParkedStore.Parked> first = store.first(lane.name);
        if (first.isEmpty()) {
            if (!closed(lane)) {
                schedule(lane, Duration.ZERO);
            }
            return;
        }
        lane.fails = !isSent(lane, first);
        if (lane.fails) {
            schedule(lane, lane.backoff.next());
        } else {
            lane.backoff.reset();
            schedule(lane, Duration.ZERO);
        }
    }

    /**
     * Repeated until the store has done it, because records must not be delivered twice for that. Under a lock, so that the
     * store and the tally have the same number of parked records.
     */
    private synchronized void remove(ParkedLane lane) {
        if (!lane.delivered.isEmpty() || !lane.refused.isEmpty()) {
            store.remove(lane.delivered, lane.refused);
            ledger.tally().unparked(lane.delivered.size(), lane.refused.size());
            room();
            lane.delivered.clear();
            lane.refused.clear();
        }
    }

    private synchronized boolean closed(ParkedLane lane) {
        if (!store.first(lane.name).isEmpty()) {
            return false;
        }
        ledger.tally().parkedInStore(store.count()); // a command may have removed some
        room();
        lanes.remove(lane.name);
        if (lanes.isEmpty()) {
            shutDown();
        }
        LOG.debug("{}: an address has got all its parked records", ledger.pipeline());
        return true;
    }

    /** Ends the alarm when there is room for the batch that found none. */
    private void room() {
        if (ledger.tally().parked() <= roomFrom) {
            ledger.faults().crowded(null);
        }
    }

    /** Sends a batch. Returns whether each of its records is settled. */
    private boolean isSent(ParkedLane lane, List<ParkedStore.Parked> records) {
        String destination = records.get(0).destination();
        Route route = context.getRoute(destination);
        if (route == null) {
            ledger.halt("there are parked records of route " + destination
                    + ", which no longer exists: restore it, or remove them with drover dead-letters purge --parked");
            return false;
        }
        List<Cursor> keys =
                records.stream().map(record -> CursorJson.read(record.cursor())).toList();
        Batch batch = Batch.parked(
                ledger.beside(records.size()),
                keys.stream().map(Cursor::asRow).toList(),
                records.stream()
                        .map(record -> ParkedBody.read(record.payload()))
                        .toList());
        PartSender.sendAgain(batch, route.getEndpoint(), () -> {
            for (int i = 0; i < records.size(); i++) {
                BatchItem item = batch.items().get(i);
                if (item.isSettled()) {
                    (item.isDelivered() ? lane.delivered : lane.refused)
                            .add(records.get(i).id());
                }
            }
            remove(lane);
        });
        return batch.unsettled() == 0;
    }
}
