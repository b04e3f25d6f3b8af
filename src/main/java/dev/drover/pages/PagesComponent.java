package dev.drover.pages;

import dev.drover.ledger.Checkpoints;
import dev.drover.ledger.StoreSchema;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.sql.DataSource;
import org.apache.camel.Endpoint;
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

    private @Nullable Checkpoints checkpoints;

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
            throw new IllegalArgumentException("name: '" + name + "' is used by the routes " + other.routeId() + " and "
                    + routeId + "; each pipeline needs a checkpoint name of its own");
        }
    }

    void register(Pipeline pipeline) {
        pipelines.put(pipeline.name(), pipeline);
    }

    void deregister(Pipeline pipeline) {
        pipelines.remove(pipeline.name(), pipeline);
    }

    /** Opens the store at its first use, so that a context without a running pipeline needs none. */
    synchronized Checkpoints checkpoints() {
        if (checkpoints == null) {
            DataSource opened = store == null ? lookup("store") : store;
            StoreSchema.migrate(opened);
            checkpoints = new Checkpoints(opened);
        }
        return checkpoints;
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

    public @Nullable Mode getMode() {
        return mode;
    }

    public void setMode(Mode mode) {
        this.mode = mode;
    }
}
