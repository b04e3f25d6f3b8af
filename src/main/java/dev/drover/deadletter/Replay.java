package dev.drover.deadletter;

import dev.drover.ledger.Holder;
import dev.drover.ledger.Periodic;
import dev.drover.ledger.Reread;
import dev.drover.ledger.SettlementException;
import dev.drover.ledger.Trace;
import dev.drover.store.DeadLetter;
import dev.drover.store.DeadLetterStore;
import dev.drover.store.ReplayClaim;
import dev.drover.store.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dead letters again: either their payloads through the delivery route that set them aside, or their current rows
 * through the whole route of their pipeline. Error clauses apply. Delivered dead letters are removed; refused ones stay.
 * Each is sent once, so a replay ends. While the destination is down, the replay waits like a pipeline. It claims the dead
 * letters that it sends, so that concurrent replays send none twice. Run by one thread; any thread may read its state.
 */
public final class Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final int CHUNK = 100;

    /** The most characters of payloads in memory at once. */
    private static final long MOST_AT_ONCE = 4_000_000;

    private static final List<String> CALLED = List.of("direct:", "kamelet:");
    private static final String PIPELINE = "pages:";

    private final CamelContext context;
    private final Duration claimed;
    private final DeadLetterStore store;
    private final Way way;
    private final ReplayCounts counts;
    private final Periodic renewals;
    private volatile boolean stopped;
    private volatile boolean ended;
    private volatile @Nullable ReplayChunk underWay;

    /** What to send for dead letters, and how. For one thread. */
    interface Way {

        /** Why this dead letter cannot be sent, as the rest of a sentence that begins with "they"; empty if it can. */
        Optional<String> obstacle(DeadLetter letter);

        /** Only dead letters of the same group may be sent together. */
        String group(DeadLetter letter);

        /** The run number of the batches. */
        long run();

        /** Sends the dead letters. Returns when each is settled or given up. */
        void deliver(ReplayChunk chunk, ReplayCounts counts) throws InterruptedException;
    }

    private Replay(CamelContext context, Duration claimed, Way way, boolean dropGone) {
        this.context = context;
        this.claimed = claimed;
        this.store = DeadLetterStore.of(context);
        this.way = way;
        this.counts = new ReplayCounts(dropGone);
        renewals = new Periodic(context, "replay-claim", claimed.dividedBy(3), this::renew);
        renewals.start();
    }

    /**
     * A replay of payloads in a context whose routes are not started. It starts only routes that other routes call, so no
     * pipeline reads.
     *
     * @param context with the routes and the bean {@code store} with up-to-date tables
     * @param claimed how long the claim on dead letters lasts after its last renewal
     * @param readsChanges whether the pipeline of this name reads a change log, whose payloads are not sent again
     */
    public static Replay ofPayloads(CamelContext context, Duration claimed, Predicate<String> readsChanges)
            throws Exception {
        start(context, CALLED);
        return new Replay(context, claimed, new StoredPayloads(context, readsChanges), false);
    }

    /**
     * A replay of current rows in the same kind of context.
     *
     * @param context with pipelines that read nothing by themselves, so that they can be started
     * @param pipelines finds the reader for the rows of a started pipeline by its name
     * @param dropGone whether to remove the dead letters of rows that no longer exist
     */
    public static Replay ofRows(
            CamelContext context, Duration claimed, Function<String, Optional<Reread>> pipelines, boolean dropGone)
            throws Exception {
        start(context, CALLED);
        start(context, List.of(PIPELINE));
        Way rows = new PresentRows(DeadLetterStore.of(context), pipelines, dropGone);
        return new Replay(context, claimed, rows, dropGone);
    }

    private static void start(CamelContext context, List<String> beginnings) throws Exception {
        for (Route route : context.getRoutes()) {
            if (beginnings.stream().anyMatch(route.getEndpoint().getEndpointUri()::startsWith)) {
                context.getRouteController().startRoute(route.getRouteId());
            }
        }
    }

    private void renew() {
        ReplayChunk chunk = underWay;
        if (chunk != null) {
            chunk.renew();
        }
    }

    /** Sends the dead letters selected now, but none set aside later. Must be called once. */
    public void run(Selection selection) throws Exception {
        List<String> ids = store.ids(selection);
        try {
            for (int from = 0; from < ids.size() && !isStopping(); from += CHUNK) {
                deliver(ids.subList(from, Math.min(ids.size(), from + CHUNK)));
            }
        } finally {
            renewals.stop();
        }
        ended = !isStopping();
    }

    /** Ends the replay early. Dead letters that are not accepted yet stay. */
    public void stop() {
        stopped = true;
        ReplayChunk chunk = underWay;
        if (chunk != null) {
            chunk.ledger().ending().stopping(true);
        }
    }

    private boolean isStopping() {
        return stopped || context.isStopping();
    }

    private void deliver(List<String> ids) throws InterruptedException {
        ReplayClaim claim = ReplayClaim.of(store.store(), claimed, ids);
        try {
            countOthers(ids, claim.ids());
            for (List<String> part : store.parts(claim.ids(), MOST_AT_ONCE)) {
                for (List<DeadLetter> letters : groups(store.read(part))) {
                    deliver(claim, letters);
                }
            }
        } finally {
            release(claim);
        }
    }

    private void deliver(ReplayClaim claim, List<DeadLetter> letters) throws InterruptedException {
        ReplayChunk chunk = new ReplayChunk(store, claim, letters, way.run());
        if (Trace.of(context).isEnabled()) {
            chunk.ledger().trace();
        }
        underWay = chunk;
        if (isStopping()) {
            chunk.ledger().ending().stopping(true); // stop() ran before the chunk was visible
        }
        way.deliver(chunk, counts);
        underWay = null;
        counts.settled(chunk);
    }

    private void countOthers(List<String> ids, List<String> ours) {
        List<String> others = new ArrayList<>(ids);
        others.removeAll(ours);
        int there = store.parts(others, Long.MAX_VALUE / 2).stream()
                .mapToInt(List::size)
                .sum();
        if (there > 0) {
            String sent = "are sent by another replay; if that was killed, replay them again after ";
            counts.kept(sent + claimed.toSeconds() + " s", there);
        }
    }

    private static void release(ReplayClaim claim) {
        try {
            claim.release();
        } catch (SettlementException e) {
            LOG.warn("{}; it expires by itself", e.getMessage());
        }
    }

    private List<List<DeadLetter>> groups(List<DeadLetter> letters) {
        Map<String, List<DeadLetter>> groups = new LinkedHashMap<>();
        for (DeadLetter letter : letters) {
            Optional<String> obstacle = way.obstacle(letter);
            if (obstacle.isPresent()) {
                counts.kept(obstacle.get(), 1);
            } else {
                groups.computeIfAbsent(way.group(letter), any -> new ArrayList<>())
                        .add(letter);
            }
        }
        return List.copyOf(groups.values());
    }

    /** The results so far. */
    public ReplayCounts counts() {
        return counts;
    }

    /** Whether no selected dead letter stays. Valid after the replay has ended. */
    public boolean isComplete() {
        return ended && counts.isComplete();
    }

    /** What holds the batch in flight; empty if nothing does. */
    public Optional<Holder> holder() {
        return Optional.ofNullable(underWay).flatMap(chunk -> chunk.ledger().holder());
    }
}
