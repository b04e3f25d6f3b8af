package dev.drover.pages;

import dev.drover.config.PagesConfig;
import dev.drover.consistency.Claims;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.Lease;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import dev.drover.ledger.Tally;
import dev.drover.ownership.Renewals;
import dev.drover.route.RoutePlace;
import dev.drover.route.RouteSteps;
import dev.drover.store.Checkpoint;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running pipeline, as others may look at it. Thread-safe. */
public final class Pipeline implements Renewals.Owned {

    /** Where a pipeline stands. */
    public enum State {
        /** It reads, or waits for room or for new rows. */
        RUNNING,
        /** It does not read until it is resumed; what was read goes on to its destinations. */
        PAUSED,
        /** It was stopped and resumes after its checkpoint. */
        STOPPED,
        /** It has read what it was to read, and all of it is settled. */
        FINISHED,
        /** It cannot go on without losing a record, and says why. */
        HALTED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final PagesConfig config;
    private final String routeId;
    private final Ledger ledger;
    private final @Nullable Checkpoint checkpoint;
    private final Optional<Claims> claims;
    private volatile State state = State.RUNNING;
    private volatile boolean drained;
    private volatile OptionalLong unread = OptionalLong.empty();
    private volatile @Nullable String unreadable;
    private volatile @Nullable ZonedDateTime restsUntil;
    private volatile @Nullable Wait wait;
    private volatile List<String> filters = List.of();

    /**
     * Why nothing is read although there is room and the source answers.
     *
     * @param reason what is waited for
     * @param since when the waiting began, by {@link System#nanoTime}
     */
    private record Wait(String reason, long since) {

        Duration length() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    private Pipeline(PagesConfig config, String routeId, Settlement settlement, @Nullable Checkpoint owned) {
        this.config = config;
        this.routeId = routeId;
        this.checkpoint = owned;
        this.claims = settlement instanceof Claims shared ? Optional.of(shared) : Optional.empty();
        this.ledger = new Ledger(config.name(), settlement, config.maxInFlight());
    }

    Pipeline(PagesConfig config, String routeId, Checkpoint checkpoint) {
        this(config, routeId, checkpoint, checkpoint);
        checkpoint.beginsAfter(config.startAfter());
    }

    /** One that claims its rows, and shares them with others of its name. */
    Pipeline(PagesConfig config, String routeId, Claims claims) {
        this(config, routeId, claims, null);
    }

    /**
     * One whose records another component reads.
     *
     * @param settlement what is done about those that are settled
     */
    public Pipeline(PagesConfig config, String routeId, Settlement settlement) {
        this(config, routeId, settlement, null);
    }

    @Override
    public String name() {
        return config.name();
    }

    public String routeId() {
        return routeId;
    }

    public PagesConfig config() {
        return config;
    }

    /** The durable key up to which every record is settled; empty before the first page is, and with claims. */
    public Optional<Cursor> checkpoint() {
        return Optional.ofNullable(checkpoint).flatMap(Checkpoint::cursor);
    }

    /** The epoch of this owner of the pipeline; 0 with claims, which have no sole owner. */
    public long epoch() {
        return checkpoint == null ? 0 : checkpoint.epoch();
    }

    /** The checkpoint as its owner holds it; empty with claims. */
    Optional<Checkpoint> owned() {
        return Optional.ofNullable(checkpoint);
    }

    /** What claims the rows; empty with a checkpoint. */
    Optional<Claims> claims() {
        return claims;
    }

    public Tally tally() {
        return ledger.tally();
    }

    /** That every record was filtered out, and where, if the route has a step that may do so; empty if it is not so. */
    public Optional<String> allFiltered() {
        boolean all = tally().rows() > 0 && tally().filtered() == tally().rows();
        return all && !filters.isEmpty()
                ? Optional.of(
                        "every row was filtered out, by " + String.join(" or ", filters) + "; is its condition right?")
                : Optional.empty();
    }

    /** Learns from its route which steps may filter a record out, and which only ask something. */
    void looksAt(CamelContext context, RouteDefinition route) {
        List<RouteSteps.Step> steps = RouteSteps.ofRecord(context, route, route);
        tally().questions(RouteSteps.questions(context, route));
        filters = steps.stream()
                .filter(step -> step.node() instanceof FilterDefinition || step.node() instanceof ChoiceDefinition)
                .map(step -> new RoutePlace(step.route(), step.node()).stepAndLine())
                .toList();
    }

    public Ledger ledger() {
        return ledger;
    }

    public State state() {
        return ledger.halted().isPresent() ? State.HALTED : state;
    }

    /**
     * Asks for another length of the lease, or of the claims; those of a halted pipeline are left to end.
     *
     * @throws SettlementException if it cannot be asked now
     */
    @Override
    public void renew() {
        try {
            if (checkpoint != null) {
                checkpoint.renew();
            }
            if (ledger.halted().isEmpty()) {
                claims.ifPresent(Claims::renew);
            }
        } catch (FencedException e) {
            ledger.halt(e.getMessage());
        }
    }

    @Override
    public Lease lease() {
        return checkpoint == null ? Lease.ENDLESS : checkpoint.lease();
    }

    /** Another process may take the pipeline, at the latest when the lease has ended; this one acts for it no more. */
    void release() {
        try {
            if (checkpoint != null) {
                checkpoint.release();
            }
            claims.ifPresent(Claims::close);
        } catch (SettlementException e) {
            LOG.warn("{}: {}; it ends by itself", name(), e.getMessage());
        }
    }

    /** It stands here from now on; to be called by what reads it. */
    public void state(State next) {
        state = next;
    }

    /** Changes the state if it is this one; returns whether it was. */
    public synchronized boolean change(State from, State to) {
        boolean changes = state() == from;
        state = changes ? to : state;
        return changes;
    }

    /** Whether the last look at the source found nothing more to read. */
    public boolean drained() {
        return drained;
    }

    /** Whether there is nothing more to read now. */
    public void drained(boolean now) {
        drained = now;
    }

    /** How many records are there and not read, where that is known without asking the source. */
    public OptionalLong unread() {
        return unread;
    }

    public void unread(long records) {
        unread = OptionalLong.of(records);
    }

    /** Why the last page could not be read; empty when it could, and before there was one. */
    public Optional<String> unreadable() {
        return Optional.ofNullable(unreadable);
    }

    /** What keeps it from reading besides room: its lease, its source, or what it waits for; empty if nothing does. */
    public Optional<String> keptFromReading() {
        if (state() != State.RUNNING) {
            return Optional.empty();
        }
        ZonedDateTime rests = restsUntil;
        if (rests != null) {
            return Optional.of("its schedule, and reads again at " + rests.toOffsetDateTime());
        }
        return ledger.settlement().lease().isHeld()
                ? unreadable()
                        .map(why -> "the source, which cannot be read: " + why)
                        .or(this::waitsFor)
                : Optional.of("its lease, which has ended and cannot be renewed");
    }

    /** What the reading waits for besides room and the source itself, and for how long; empty while it does not. */
    public Optional<String> waitsFor() {
        return Optional.ofNullable(wait)
                .map(now -> now.reason() + " (for " + now.length().toSeconds() + " s)");
    }

    /** For how long the reading has waited for {@link #waitsFor}; zero while it does not. */
    public Duration waited() {
        Wait now = wait;
        return now == null ? Duration.ZERO : now.length();
    }

    /** What the reading waits for from now on; null if it does not. The same wait goes on when its reason changes. */
    void waitsFor(@Nullable String reason) {
        Wait before = wait;
        wait = reason == null ? null : new Wait(reason, before == null ? System.nanoTime() : before.since());
    }

    /** When it reads again by its schedule; null if it may read now. */
    void restsUntil(@Nullable ZonedDateTime until) {
        restsUntil = until;
    }

    /** Why nothing can be read now; null if it can. */
    public void unreadable(@Nullable String why) {
        unreadable = why;
    }
}
