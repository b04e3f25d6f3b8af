package dev.drover.pages;

import dev.drover.config.Backfill;
import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.ledger.Reread;
import dev.drover.ownership.Ownership;
import dev.drover.route.Expressions;
import dev.drover.rows.SourceRecord;
import dev.drover.store.Checkpoints;
import dev.drover.store.Checkpoints.Claim;
import dev.drover.store.Statuses;
import dev.drover.store.StoreSchema;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.StreamCachingStrategy;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** The {@code pages} component. It has the store and the pipelines of its context. Thread-safe. */
@Component("pages")
public class PagesComponent extends DefaultComponent {

    private final Pipelines running = new Pipelines();

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
            description = "How long a run that drains waits for rows that are there and cannot be read yet, or for"
                    + " parked records that no address accepts, before it halts and says what is left")
    private long drainPatience = 600_000;

    @Metadata(
            defaultValue = "true",
            description = "Whether tables are created in a store that has none, so that every pipeline begins anew")
    private boolean createStore = true;

    /** An idle owner detects a takeover within this time. */
    private static final Duration LONGEST_UNRENEWED = Duration.ofSeconds(5);

    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
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

    public Pipelines running() {
        return running;
    }

    /** The pipelines that were started in this context and not removed since, by name. */
    public Collection<Pipeline> pipelines() {
        return running.all();
    }

    /** The names of the pipelines that wait for another process to give them up. */
    public Set<String> waiting() {
        return waiting;
    }

    /** The ownership of a pipeline, before it is taken. Only the lock of a store file is taken already. */
    Ownership ownership(PagesConfig config) {
        checkpoints();
        return new Ownership(openedStore(), config.name(), config.key(), Duration.ofMillis(leaseDuration));
    }

    /** Lets one pipeline read a range of keys, with its own checkpoint. Call it before the route starts. */
    public void backfill(Backfill range) {
        backfill = range;
    }

    /** The range that is read instead of this pipeline; empty if there is none. */
    Optional<Backfill> backfill(String pipeline) {
        return Optional.ofNullable(backfill).filter(range -> range.pipeline().equals(pipeline));
    }

    /**
     * Stops the pipelines of this context from reading by themselves, so that the rows of dead letters can be read again
     * through their routes. Call it before the routes are built.
     */
    public void rereads(CamelContext context) {
        rereading = true;
        OnlyRow.putBeforeSplits(context);
    }

    /** Whether a pipeline, running or not, or the pipeline of a backfill reads a change log. */
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

    /** Reads rows of a pipeline, or of a backfill of it, again after its route has started; empty if there is none. */
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
        StreamCachingStrategy caching = getCamelContext().getStreamCachingStrategy();
        if (caching.getDenyClasses() == null) {
            // Camel would ask its converters before each step of each record.
            caching.setDenyClasses(SourceRecord.class);
        }
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
        running.releaseStopped();
        super.doStop();
    }

    /**
     * The checkpoints. The store is opened at its first use, so a context without a running pipeline needs none.
     *
     * @throws IllegalStateException if the store cannot be opened, or has no tables and {@code createStore} is false
     */
    public synchronized Checkpoints checkpoints() {
        if (checkpoints == null) {
            DataSource opened = openedStore();
            StoreSchema.open(opened, createStore);
            checkpoints = new Checkpoints(opened);
        }
        return checkpoints;
    }

    /** The statuses of the pipelines in the store. Use it while a pipeline runs. */
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
