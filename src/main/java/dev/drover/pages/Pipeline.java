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
import dev.drover.route.RoutePlace;
import dev.drover.route.RouteSteps;
import dev.drover.store.Checkpoint;
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

/** A running pipeline: its options, ledger, checkpoint and state. Thread-safe. */
public final class Pipeline {

    /** The state of a pipeline. */
    public enum State {
        /** It reads pages, or waits for room or for new rows. */
        RUNNING,
        /** It does not read until it is resumed. Records that were read go on to their destinations. */
        PAUSED,
        /** It was stopped, and will resume after its checkpoint. */
        STOPPED,
        /** It has read everything that it had to read, and all of it is settled. */
        FINISHED,
        /** It cannot continue without losing a record. */
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
    private final ReadingState reading;
    private volatile List<String> filters = List.of();

    private Pipeline(PagesConfig config, String routeId, Settlement settlement, @Nullable Checkpoint owned) {
        this.config = config;
        this.routeId = routeId;
        this.checkpoint = owned;
        this.claims = settlement instanceof Claims shared ? Optional.of(shared) : Optional.empty();
        this.ledger = new Ledger(config.name(), settlement, config.maxInFlight());
        this.reading = new ReadingState(ledger);
    }

    Pipeline(PagesConfig config, String routeId, Checkpoint checkpoint) {
        this(config, routeId, checkpoint, checkpoint);
        checkpoint.beginsAfter(config.startAfter());
    }

    /** A pipeline that claims its rows, and shares them with other processes. */
    Pipeline(PagesConfig config, String routeId, Claims claims) {
        this(config, routeId, claims, null);
    }

    /**
     * A pipeline whose records another component reads.
     *
     * @param settlement records which of them are settled
     */
    public Pipeline(PagesConfig config, String routeId, Settlement settlement) {
        this(config, routeId, settlement, null);
    }

    public String name() {
        return config.name();
    }

    public String routeId() {
        return routeId;
    }

    public PagesConfig config() {
        return config;
    }

    /** The durable key up to which every record is settled; empty before the first page is settled, and with claims. */
    public Optional<Cursor> checkpoint() {
        return Optional.ofNullable(checkpoint).flatMap(Checkpoint::cursor);
    }

    /** The epoch of this owner of the pipeline; 0 with claims, which have no sole owner. */
    public long epoch() {
        return checkpoint == null ? 0 : checkpoint.epoch();
    }

    /** The owned checkpoint; empty with claims. */
    Optional<Checkpoint> owned() {
        return Optional.ofNullable(checkpoint);
    }

    /** The claims on the rows; empty with a checkpoint. */
    Optional<Claims> claims() {
        return claims;
    }

    public Tally tally() {
        return ledger.tally();
    }

    /** A warning that every record was filtered out, with the steps that may have done so; empty if that is not so. */
    public Optional<String> allFiltered() {
        boolean all = tally().rows() > 0 && tally().filtered() == tally().rows();
        return all && !filters.isEmpty()
                ? Optional.of(
                        "every row was filtered out, by " + String.join(" or ", filters) + "; is its condition right?")
                : Optional.empty();
    }

    /** Learns from the route which steps may filter records out, and which steps only ask for something. */
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
     * Renews the lease, and the claims unless the pipeline has halted.
     *
     * @throws SettlementException if the store cannot be written now
     */
    void renew() {
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

    public Lease lease() {
        return checkpoint == null ? Lease.ENDLESS : checkpoint.lease();
    }

    /** Gives the pipeline back. If the store cannot be written now, another process can take it when the lease ends. */
    void release() {
        try {
            if (checkpoint != null) {
                checkpoint.release();
            }
            claims.ifPresent(Claims::giveBackAll);
        } catch (SettlementException e) {
            LOG.warn("{}: {}; it ends by itself", name(), e.getMessage());
        }
    }

    /** Sets the state. To be called by the reader of the pipeline. */
    public void state(State next) {
        state = next;
    }

    /** Changes the state if it is {@code from}. Returns whether it was. */
    public synchronized boolean change(State from, State to) {
        boolean changes = state() == from;
        state = changes ? to : state;
        return changes;
    }

    /** Whether the source had no further rows when it was last read. */
    public boolean drained() {
        return drained;
    }

    public void drained(boolean now) {
        drained = now;
    }

    /** The number of records that are not read yet, if it is known without asking the source. */
    public OptionalLong unread() {
        return unread;
    }

    public void unread(long records) {
        unread = OptionalLong.of(records);
    }

    /** What keeps the pipeline from reading. */
    public ReadingState reading() {
        return reading;
    }

    /** What keeps the pipeline from reading besides a full window; empty if nothing does, and unless it runs. */
    public Optional<String> keptFromReading() {
        return state() == State.RUNNING ? reading.obstacle() : Optional.empty();
    }
}
