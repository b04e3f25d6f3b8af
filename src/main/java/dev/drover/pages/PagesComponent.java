package dev.drover.pages;

import dev.drover.config.Backfill;
import dev.drover.config.Mode;
import dev.drover.config.OptionException;
import dev.drover.config.PagesConfig;
import dev.drover.ledger.Reread;
import dev.drover.ownership.Ownership;
import dev.drover.ownership.Renewals;
import dev.drover.route.Expressions;
import dev.drover.route.RouteSteps;
import dev.drover.store.Checkpoints;
import dev.drover.store.Checkpoints.Claim;
import dev.drover.store.Statuses;
import dev.drover.store.StoreSchema;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** The {@code pages} component: knows the store and the pipelines of its context, by name. Thread-safe. */
@Component("pages")
public class PagesComponent extends DefaultComponent {

    private final Map<String, Pipeline> pipelines = new ConcurrentSkipListMap<>();

    @Metadata(description = "The DataSource that keeps checkpoints and dead letters; the bean named store if not set")
    private @Nullable DataSource store;

    @Metadata(description = "The DataSource that the table form reads; the bean named source if not set")
    private @Nullable DataSource dataSource;

    @Metadata(description = "Overrules the mode of every endpoint, so that a whole application can be told to drain")
    private @Nullable Mode mode;

    @Metadata(
            defaultValue = "30000",
            javaType = "java.time.Duration",
            description =
                    "For how long a process owns a pipeline after each renewal; another one takes over when it ends")
    private long leaseDuration = 30_000;

    @Metadata(
            defaultValue = "600000",
            javaType = "java.time.Duration",
            description = "How long a run that drains waits for rows that are there and cannot be read yet, before it"
                    + " halts and says what is left")
    private long drainPatience = 600_000;

    @Metadata(
            defaultValue = "true",
            description = "Whether tables are created in a store that has none, so that every pipeline begins anew")
    private boolean createStore = true;

    /** An idle owner detects a takeover within this time. */
    private static final Duration LONGEST_UNRENEWED = Duration.ofSeconds(5);

    /** How long batches take to end once they are given up. */
    private static final Duration GIVING_UP = Duration.ofSeconds(2);

    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final Set<Pipeline> stopped = ConcurrentHashMap.newKeySet();
    private @Nullable Checkpoints checkpoints;
    private @Nullable Renewals renewals;
    private volatile @Nullable Backfill backfill;
    private final Map<String, RereadConsumer> rereads = new ConcurrentSkipListMap<>();
    private volatile boolean rereading;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        PagesEndpoint endpoint = new PagesEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The pipelines that were started in this context and not removed since, in the order of their names. */
    public Collection<Pipeline> pipelines() {
        return pipelines.values();
    }

    /**
     * Two pipelines of one name would overwrite each other's checkpoint, so the second is refused; to be called before
     * it takes the checkpoint over, which would fence off the first.
     */
    void refuseSecond(String name, String routeId) {
        Pipeline other = pipelines.get(name);
        if (other != null && !other.routeId().equals(routeId)) {
            throw new OptionException(
                    "name",
                    "'" + name + "' is used by the routes " + other.routeId() + " and " + routeId
                            + "; each pipeline needs a checkpoint name of its own");
        }
    }

    /** This pipeline runs, in the place of an earlier one of its name. */
    public void register(Pipeline pipeline) {
        RouteSteps.routes(getCamelContext()).stream()
                .filter(route -> pipeline.routeId().equals(route.getRouteId()))
                .forEach(route -> pipeline.looksAt(getCamelContext(), route));
        pipelines.put(pipeline.name(), pipeline);
    }

    /** It is gone, unless another one has taken its place. */
    public void deregister(Pipeline pipeline) {
        pipelines.remove(pipeline.name(), pipeline);
    }

    /** The pipelines of this context that wait until their owner, another process, ends. */
    public Set<String> waiting() {
        return waiting;
    }

    /** Nothing is owned yet, but the lock of a store that is a file. */
    Ownership ownership(PagesConfig config) {
        checkpoints();
        return new Ownership(openedStore(), config.name(), config.key(), Duration.ofMillis(leaseDuration));
    }

    /**
     * Has one pipeline read a range of keys, under a checkpoint of its own; to be called before its route
     * starts.
     */
    public void backfill(Backfill range) {
        backfill = range;
    }

    /** The range that is read in the place of this pipeline, empty when it reads as its options say. */
    Optional<Backfill> backfill(String pipeline) {
        return Optional.ofNullable(backfill).filter(range -> range.pipeline().equals(pipeline));
    }

    /**
     * Has no pipeline of this context read by itself, so that dead letters are read again through their routes; to be
     * called before these are built.
     */
    public void rereads(CamelContext context) {
        rereading = true;
        OnlyRow.putBeforeSplits(context);
    }

    /** Whether a pipeline of this context, or the pipeline of a backfill, reads a change log. It need not run. */
    public boolean readsChanges(String name) {
        return getCamelContext().getRoutes().stream()
                .map(Route::getEndpoint)
                .anyMatch(from -> from instanceof PagesEndpoint pages
                        && pages.isChanges()
                        && Backfill.isOf(pages.getName(), name));
    }

    boolean isRereading() {
        return rereading;
    }

    void register(RereadConsumer consumer) {
        rereads.put(consumer.name(), consumer);
    }

    /**
     * What reads the rows of a pipeline again, once its route is started; empty if there is no such pipeline.
     *
     * @param name of the pipeline, or of a backfill of it
     */
    public Optional<Reread> reread(String name) {
        return rereads.values().stream()
                .filter(consumer -> Backfill.isOf(consumer.name(), name))
                .<Reread>map(consumer -> consumer)
                .findFirst();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Expressions.refuseWholeNumbers(getCamelContext());
        Duration third =
                Ownership.claim(Duration.ofMillis(leaseDuration), false).lease().dividedBy(3);
        renewals = new Renewals(
                getCamelContext(), this::pipelines, third.compareTo(LONGEST_UNRENEWED) < 0 ? third : LONGEST_UNRENEWED);
    }

    @Override
    protected void doStop() throws Exception {
        if (renewals != null) {
            renewals.close();
        }
        releaseStopped();
        super.doStop();
    }

    /** Gives back the pipelines that have stopped while deliveries of theirs went on; waits some seconds for these. */
    public void releaseStopped() throws InterruptedException {
        for (Pipeline pipeline : List.copyOf(stopped)) {
            if (pipeline.ledger().deliveries().awaitEmpty(GIVING_UP)) {
                pipeline.release();
            }
            stopped.remove(pipeline);
        }
    }

    /** A pipeline whose deliveries went on when its consumer had stopped: it is given back when they have ended. */
    void releaseAtTheEnd(Pipeline pipeline) {
        stopped.add(pipeline);
    }

    /**
     * The pipeline of this name that ran here before, if any, acts no more, so that a route which is started again need
     * not stand by for its own process. What is still on the wire is fenced off as for any earlier owner.
     */
    void releasePrevious(String name) {
        Stream.concat(pipelines.values().stream(), stopped.stream())
                .filter(pipeline -> pipeline.name().equals(name))
                .forEach(Pipeline::release);
        stopped.removeIf(pipeline -> pipeline.name().equals(name));
    }

    /**
     * Opens the store at its first use, so that a context without a running pipeline needs none.
     *
     * @throws IllegalStateException if it cannot be opened, or has no tables and none are to be created
     */
    public synchronized Checkpoints checkpoints() {
        if (checkpoints == null) {
            DataSource opened = openedStore();
            StoreSchema.open(opened, createStore);
            checkpoints = new Checkpoints(opened);
        }
        return checkpoints;
    }

    /** Where this process says how its pipelines are; to be used while one of them runs. */
    public Statuses statuses() {
        return new Statuses(openedStore());
    }

    private DataSource openedStore() {
        return store == null ? lookup("store") : store;
    }

    DataSource sourceOf(@Nullable DataSource ofEndpoint) {
        if (ofEndpoint != null) {
            return ofEndpoint;
        }
        return dataSource == null ? lookup("source") : dataSource;
    }

    private DataSource lookup(String bean) {
        return CamelContextHelper.mandatoryLookup(getCamelContext(), bean, DataSource.class);
    }

    public @Nullable DataSource getStore() {
        return store;
    }

    public void setStore(DataSource store) {
        this.store = store;
    }

    public @Nullable DataSource getDataSource() {
        return dataSource;
    }

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    public long getLeaseDuration() {
        return leaseDuration;
    }

    public long getDrainPatience() {
        return drainPatience;
    }

    public void setDrainPatience(long drainPatience) {
        this.drainPatience = drainPatience;
    }

    public void setLeaseDuration(long leaseDuration) {
        Claim unused = Ownership.claim(Duration.ofMillis(leaseDuration), false); // refuses what is too short
        this.leaseDuration = leaseDuration;
    }

    public boolean isCreateStore() {
        return createStore;
    }

    public void setCreateStore(boolean createStore) {
        this.createStore = createStore;
    }

    public @Nullable Mode getMode() {
        return mode;
    }

    public void setMode(Mode mode) {
        this.mode = mode;
    }
}
