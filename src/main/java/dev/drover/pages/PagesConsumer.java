package dev.drover.pages;

import dev.drover.ledger.Ledger;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns a pipeline while its route runs: takes the checkpoint at the start, reads on a thread of its own, stops reading
 * at once when it is suspended or stopped. What is in flight then ends by itself and still moves the checkpoint.
 */
public final class PagesConsumer extends DefaultConsumer implements Suspendable {

    private static final Logger LOG = LoggerFactory.getLogger(PagesConsumer.class);

    private final PagesEndpoint endpoint;
    private final PagesConfig config;
    private @Nullable ExecutorService thread;
    private @Nullable Pipeline pipeline;
    private @Nullable PageLoop loop;

    PagesConsumer(PagesEndpoint endpoint, Processor processor, PagesConfig config) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.config = config;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        RouteShape.check(getEndpoint().getCamelContext(), getRoute().getRouteId());
        endpoint.getComponent().refuseSecond(config.name(), getRoute().getRouteId());
        thread = getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadExecutor(this, "pages-" + config.name());
        open();
        doResume();
    }

    /** Takes the checkpoint over and begins after it. */
    private void open() {
        Pipeline taken = new Pipeline(
                config,
                getRoute().getRouteId(),
                endpoint.getComponent().checkpoints().take(config.name(), config.key()));
        endpoint.getComponent().register(taken);
        LOG.info("{}", beginning(taken));
        pipeline = taken;
        RouteDefinition route = getEndpoint()
                .getCamelContext()
                .getCamelContextExtension()
                .getContextPlugin(Model.class)
                .getRouteDefinition(getRoute().getRouteId());
        loop = new PageLoop(
                this, taken, begin -> OpenedSource.open(getEndpoint().getCamelContext(), route, endpoint, begin));
    }

    private static String beginning(Pipeline pipeline) {
        String name = pipeline.name();
        return pipeline.checkpoint()
                .map(cursor -> name + ": goes on after its checkpoint " + cursor)
                .orElseGet(() -> pipeline.config().startAfter() == null
                        ? name + ": no checkpoint yet, begins at the first row"
                        : name + ": no checkpoint yet, begins at the first row after "
                                + pipeline.config().startAfter());
    }

    /** Goes on where reading stopped; reads again from the checkpoint when records were given up meanwhile. */
    @Override
    protected void doResume() {
        if (pipeline != null && pipeline.ledger().hasGivenUp()) {
            open();
        }
        if (pipeline != null && thread != null && loop != null) {
            pipeline.ledger().stopping(false);
            pipeline.state(Pipeline.State.RUNNING);
            loop.allow();
            thread.execute(loop);
        }
    }

    /** Returns at once; the page under way, if any, is awaited by Camel like every exchange. */
    @Override
    protected void doSuspend() {
        if (pipeline != null && loop != null) {
            loop.stop();
            pipeline.ledger().stopping(true);
            if (pipeline.state() == Pipeline.State.RUNNING) {
                pipeline.state(Pipeline.State.STOPPED);
            }
        }
    }

    @Override
    protected void doStop() throws Exception {
        doSuspend();
        if (thread != null) {
            getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(thread);
            thread = null;
        }
        if (pipeline != null) {
            Ledger ledger = pipeline.ledger();
            ledger.retryWrites();
        }
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        if (pipeline != null) {
            endpoint.getComponent().deregister(pipeline);
        }
        super.doShutdown();
    }

    /** A fresh exchange of the route; to be given back with {@link #releaseExchange}. */
    Exchange newExchange() {
        return createExchange(false);
    }
}
