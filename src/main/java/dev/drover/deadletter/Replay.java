package dev.drover.deadletter;

import dev.drover.ledger.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dead letters again, through the delivery route that set them aside, with all its clauses. What is delivered is
 * removed, what is refused again stays; each is sent once, so a replay ends. It waits like the pipeline does while the
 * destination is away. What it sends it has claimed, so that two replays at once send nothing twice. Run by one thread; what it did may be read by any.
 */
public final class Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final int BATCH_SIZE = 100;
    private static final List<String> STARTED = List.of("direct:", "kamelet:");

    private final CamelContext context;
    private final Duration claimed;
    private final DataSource dataSource;
    private final DeadLetterStore store;
    private final Map<String, Long> kept = new LinkedHashMap<>();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong refusedAgain = new AtomicLong();
    private final AtomicLong undelivered = new AtomicLong();
    private volatile boolean ended;
    private volatile @Nullable ReplayBatch underWay;

    /**
     * A replay in a context whose routes are not started; it starts those that only others call, so no pipeline reads.
     *
     * @param context with the routes and the bean {@code store}, whose tables are up to date
     * @param claimed for how long other replays leave alone what this one sends, after it was last heard of
     */
    public Replay(CamelContext context, Duration claimed) throws Exception {
        this.context = context;
        this.claimed = claimed;
        dataSource = CamelContextHelper.mandatoryLookup(context, "store", DataSource.class);
        store = new DeadLetterStore(dataSource);
        for (Route route : context.getRoutes()) {
            if (STARTED.stream().anyMatch(route.getEndpoint().getEndpointUri()::startsWith)) {
                context.getRouteController().startRoute(route.getRouteId());
            }
        }
        ScheduledExecutorService thread =
                context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "replay-claim");
        long millis = claimed.dividedBy(3).toMillis();
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::renew, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void renew() {
        ReplayBatch batch = underWay;
        try {
            if (batch != null) {
                batch.renew();
            }
        } catch (RuntimeException e) {
            // Whatever it is: what is thrown from here would end the renewals for good.
            LOG.warn("{}; nothing is sent when the claim has ended", e.getMessage());
        }
    }

    /** Sends what is selected now; what is set aside meanwhile is not. */
    public void run(Selection selection) throws Exception {
        List<String> ids = store.ids(selection);
        try (ProducerTemplate template = context.createProducerTemplate()) {
            for (int from = 0; from < ids.size() && !context.isStopping(); from += BATCH_SIZE) {
                deliver(template, ids.subList(from, Math.min(ids.size(), from + BATCH_SIZE)));
            }
        }
        ended = !context.isStopping();
    }

    private void deliver(ProducerTemplate template, List<String> ids) throws InterruptedException {
        ReplayClaim claim = ReplayClaim.of(dataSource, claimed, ids);
        try {
            countOthers(ids, claim.ids());
            for (List<DeadLetter> letters : byRoute(store.read(claim.ids()))) {
                deliver(template, claim, letters);
            }
        } finally {
            release(claim);
        }
    }

    private void countOthers(List<String> ids, List<String> ours) {
        List<String> others = new ArrayList<>(ids);
        others.removeAll(ours);
        int there = store.read(others).size();
        if (there > 0) {
            kept.merge(
                    "are sent by another replay; if that was killed, replay them again after " + claimed.toSeconds()
                            + " s",
                    (long) there,
                    Long::sum);
        }
    }

    private static void release(ReplayClaim claim) {
        try {
            claim.release();
        } catch (DeadLetterException e) {
            LOG.warn("{}; it ends by itself", e.getMessage());
        }
    }

    private List<List<DeadLetter>> byRoute(List<DeadLetter> letters) {
        Map<String, List<DeadLetter>> groups = new LinkedHashMap<>();
        for (DeadLetter letter : letters) {
            Optional<String> obstacle = obstacle(letter);
            if (obstacle.isPresent()) {
                kept.merge(obstacle.get(), 1L, Long::sum);
            } else {
                groups.computeIfAbsent(letter.pipeline() + ' ' + letter.destination(), any -> new ArrayList<>())
                        .add(letter);
            }
        }
        return List.copyOf(groups.values());
    }

    private Optional<String> obstacle(DeadLetter letter) {
        if (letter.destination() == null) {
            return Optional.of("failed in a step before their batch; set the checkpoint back to read them again");
        }
        if (context.getRoute(letter.destination()) == null) {
            return Optional.of("were refused in route " + letter.destination() + ", which is not among the routes");
        }
        if (letter.payload() == null) {
            return Optional.of(
                    "have no payload, so there is nothing to send; set the checkpoint back to read them again");
        }
        return RawJson.isValid(letter.payload()) ? Optional.empty() : Optional.of("have no JSON that could be sent");
    }

    private void deliver(ProducerTemplate template, ReplayClaim claim, List<DeadLetter> letters)
            throws InterruptedException {
        ReplayBatch batch = new ReplayBatch(store, claim, letters);
        underWay = batch;
        batch.deliver(template, context.getRoute(letters.get(0).destination()).getEndpoint());
        underWay = null;
        refusedAgain.addAndGet(batch.refusedAgain());
        undelivered.addAndGet(batch.unsettled());
        delivered.addAndGet(batch.size() - batch.refusedAgain() - batch.unsettled());
    }

    /** Delivered and removed. */
    public long delivered() {
        return delivered.get();
    }

    /** Refused again; they stay. */
    public long refusedAgain() {
        return refusedAgain.get();
    }

    /** Neither delivered nor refused, because the process was stopped or a clause is missing; they stay. */
    public long undelivered() {
        return undelivered.get();
    }

    /** Not sent, by the reason; they stay. To be read when the replay has ended. */
    public Map<String, Long> kept() {
        return kept;
    }

    /** Whether none of what was selected stays. To be asked when the replay has ended. */
    public boolean isComplete() {
        return refusedAgain() == 0 && undelivered() == 0 && kept.isEmpty() && ended;
    }

    /** What holds the batch under way; empty if nothing does. */
    public Optional<Holder> holder() {
        return Optional.ofNullable(underWay).flatMap(batch -> batch.ledger().holder());
    }
}
