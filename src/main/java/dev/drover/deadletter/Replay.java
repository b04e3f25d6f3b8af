package dev.drover.deadletter;

import dev.drover.ledger.Holder;
import dev.drover.ledger.JavaError;
import dev.drover.ledger.Reread;
import dev.drover.ledger.SettlementException;
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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dead letters again: their payloads through the delivery route that set them aside, or their rows, as they are
 * now, through the whole route of their pipeline; with all clauses. What is delivered is removed, what is refused again
 * stays; each is sent once, so a replay ends. It waits like the pipeline does while the destination is away. What it
 * sends it has claimed, so that two replays at once send nothing twice. Run by one thread; what it did may be read by
 * any.
 */
public final class Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final int CHUNK = 100;

    /** Characters of payloads that are in memory at once; more are sent one part after the other. */
    private static final long MOST_AT_ONCE = 4_000_000;

    private static final List<String> CALLED = List.of("direct:", "kamelet:");
    private static final String PIPELINE = "pages:";

    private final CamelContext context;
    private final Duration claimed;
    private final DataSource dataSource;
    private final DeadLetterStore store;
    private final Way way;
    private final ReplayCounts counts;
    private final ScheduledExecutorService renewals;
    private volatile boolean stopped;
    private volatile boolean ended;
    private volatile @Nullable ReplayChunk underWay;

    /** What is sent of dead letters, and how. For one thread. */
    interface Way {

        /** Why this one cannot be sent, for a sentence that begins with "they"; empty if it may be tried. */
        Optional<String> obstacle(DeadLetter letter);

        /** Only letters for which this is equal may be sent together. */
        String group(DeadLetter letter);

        /** The number of the run that the batches get. */
        long run();

        /** Sends them; returns when each is settled or given up. */
        void deliver(ReplayChunk chunk, ReplayCounts counts) throws InterruptedException;
    }

    private Replay(CamelContext context, Duration claimed, DataSource dataSource, Way way, boolean dropGone) {
        this.context = context;
        this.claimed = claimed;
        this.dataSource = dataSource;
        this.store = new DeadLetterStore(dataSource);
        this.way = way;
        this.counts = new ReplayCounts(dropGone);
        renewals = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "replay-claim");
        long millis = claimed.dividedBy(3).toMillis();
        ScheduledFuture<?> unused =
                renewals.scheduleWithFixedDelay(JavaError.told(this::renew), millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * A replay of payloads in a context whose routes are not started; it starts those that only others call, so no
     * pipeline reads.
     *
     * @param context with the routes and the bean {@code store}, whose tables are up to date
     * @param claimed for how long other replays leave alone what this one sends, after it was last heard of
     */
    public static Replay ofPayloads(CamelContext context, Duration claimed) throws Exception {
        start(context, CALLED);
        return new Replay(context, claimed, store(context), new StoredPayloads(context), false);
    }

    /**
     * A replay of rows, in such a context.
     *
     * @param context whose pipelines read nothing by themselves, so that they can be started
     * @param pipelines what reads a pipeline's rows again, by its name, once it is started
     * @param dropGone whether the dead letters of rows that are gone are removed
     */
    public static Replay ofRows(
            CamelContext context, Duration claimed, Function<String, Optional<Reread>> pipelines, boolean dropGone)
            throws Exception {
        start(context, CALLED);
        start(context, List.of(PIPELINE));
        DataSource store = store(context);
        Way rows = new PresentRows(new DeadLetterStore(store), pipelines, dropGone);
        return new Replay(context, claimed, store, rows, dropGone);
    }

    private static DataSource store(CamelContext context) {
        return CamelContextHelper.mandatoryLookup(context, "store", DataSource.class);
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
        try {
            if (chunk != null) {
                chunk.renew();
            }
        } catch (RuntimeException e) {
            // Whatever it is: what is thrown from here would end the renewals for good.
            LOG.warn("{}; nothing is sent when the claim has ended", e.getMessage());
        }
    }

    /** Sends what is selected now; what is set aside meanwhile is not. To be called once. */
    public void run(Selection selection) throws Exception {
        List<String> ids = store.ids(selection);
        try {
            for (int from = 0; from < ids.size() && !isStopping(); from += CHUNK) {
                deliver(ids.subList(from, Math.min(ids.size(), from + CHUNK)));
            }
        } finally {
            context.getExecutorServiceManager().shutdownNow(renewals);
        }
        ended = !isStopping();
    }

    /** Ends early: nothing more is begun, and what the destination has not accepted by then stays. */
    public void stop() {
        stopped = true;
        ReplayChunk chunk = underWay;
        if (chunk != null) {
            chunk.ledger().stopping(true);
        }
    }

    private boolean isStopping() {
        return stopped || context.isStopping();
    }

    private void deliver(List<String> ids) throws InterruptedException {
        ReplayClaim claim = ReplayClaim.of(dataSource, claimed, ids);
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
        underWay = chunk;
        if (isStopping()) {
            chunk.ledger().stopping(true); // told to stop just before it could be seen
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
            LOG.warn("{}; it ends by itself", e.getMessage());
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

    /** What it has done so far. */
    public ReplayCounts counts() {
        return counts;
    }

    /** Whether none of what was selected stays. To be asked when the replay has ended. */
    public boolean isComplete() {
        return ended && counts.isComplete();
    }

    /** What holds the batch under way; empty if nothing does. */
    public Optional<Holder> holder() {
        return Optional.ofNullable(underWay).flatMap(chunk -> chunk.ledger().holder());
    }
}
