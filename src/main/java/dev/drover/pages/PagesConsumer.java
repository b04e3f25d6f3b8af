package dev.drover.pages;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import dev.drover.ledger.SegmentSize;
import dev.drover.ownership.Ownership;
import dev.drover.ownership.Standby;
import dev.drover.route.RouteShape;
import dev.drover.store.Checkpoint;
import dev.drover.store.OwnedException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns a pipeline while its route runs. It takes the checkpoint at the start and reads on its own thread. When it is
 * suspended or stopped, reading stops at once; records in flight still end and move the checkpoint. While another process
 * owns the pipeline, it stands by on the same thread.
 */
public final class PagesConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(PagesConsumer.class);

    private final PagesEndpoint endpoint;
    private final PagesComponent component;
    private final CamelContext context;
    private final PagesConfig config;
    private @Nullable ExecutorService thread;
    private @Nullable Pipeline pipeline;
    private @Nullable PageLoop loop;
    private @Nullable Standby standby;
    private @Nullable Ownership ownership;

    PagesConsumer(PagesEndpoint endpoint, Processor processor, PagesConfig config) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.component = endpoint.getComponent();
        this.context = endpoint.getCamelContext();
        this.config = config;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        RouteShape.check(context, getRoute().getRouteId());
        component.running().refuseSecond(config.name(), getRoute().getRouteId());
        thread = context.getExecutorServiceManager().newSingleThreadExecutor(this, "pages-" + config.name());
        component.checkpoints(); // dead letters need the store in every mode
        if (config.consistency() != Consistency.CLAIM) {
            ownership = component.ownership(config);
        }
        begin();
    }

    /** Takes the checkpoint and begins after it, or stands by for the process that owns it. */
    private synchronized void begin() {
        component.running().releasePrevious(config.name());
        try {
            open(endpoint.claims()
                    .map(claims -> new Pipeline(config, getRoute().getRouteId(), claims))
                    .orElseGet(() -> owned(Objects.requireNonNull(ownership).take())));
            run();
        } catch (OwnedException e) {
            LOG.info("{}: stands by: {}", config.name(), e.getMessage());
            standby = new Standby(config.name(), Objects.requireNonNull(ownership), this::taken);
            component.waiting().add(config.name());
            Objects.requireNonNull(thread).execute(standby);
        }
    }

    /** Runs the pipeline that a standby has taken, unless the standby was stopped meanwhile. */
    private synchronized void taken(Standby by, Checkpoint checkpoint) {
        if (standby != by) {
            checkpoint.release();
            return;
        }
        standby = null;
        open(owned(checkpoint));
        component.waiting().remove(config.name());
        run();
    }

    private Pipeline owned(Checkpoint checkpoint) {
        if (endpoint.isChanges()) {
            checkpoint.segmentsOf(0); // the audit does not cover them
        } else {
            Optional.ofNullable(context.getRegistry().findSingleByType(SegmentSize.class))
                    .ifPresent(size -> checkpoint.segmentsOf(size.segment()));
        }
        return new Pipeline(config, getRoute().getRouteId(), checkpoint);
    }

    private void open(Pipeline taken) {
        component.running().add(context, taken);
        pipeline = taken;
        loop = new PageLoop(this, endpoint, taken);
    }

    /**
     * Pauses reading until {@link #proceed}. Records that were read go on to their destinations, with retries for as long
     * as it takes. For a longer stop, suspend instead: that ends the retries too.
     *
     * @return whether the pipeline is paused; false if it was not reading
     */
    public synchronized boolean pause() {
        if (pipeline == null || loop == null || pipeline.state() != Pipeline.State.RUNNING) {
            return false;
        }
        loop.stop();
        pipeline.state(Pipeline.State.PAUSED);
        return true;
    }

    /** Ends a pause. Returns false if there was none. */
    public synchronized boolean proceed() {
        if (pipeline == null || pipeline.state() != Pipeline.State.PAUSED) {
            return false;
        }
        run();
        return true;
    }

    /** Resumes where reading stopped, or at the checkpoint if records were given up meanwhile. */
    @Override
    protected synchronized void doResume() {
        if (pipeline == null
                || pipeline.ledger().ending().hasGivenUp()
                || pipeline.lease().isLost()) {
            begin();
        } else {
            run();
        }
    }

    /** Stops reading, and nothing else, for a route that is about to be exchanged. Returns at once. */
    public synchronized void holdReading() {
        if (loop != null && thread != null) {
            loop.stop();
            loop.held(thread.submit(() -> {}));
        }
    }

    /** Reads on after {@link #holdReading}, unless the pipeline is paused, stopped or finished. */
    public synchronized void readOn() {
        if (pipeline != null && pipeline.state() == Pipeline.State.RUNNING) {
            run();
        }
    }

    /**
     * Waits, while reading is held, until everything that was read is settled and the checkpoint is written. Closes
     * incomplete batches for that.
     *
     * @return whether it is settled, or never will be because the pipeline has halted or has given records up
     */
    public boolean awaitSettled(Duration patience) throws InterruptedException {
        PageLoop held;
        synchronized (this) {
            held = standby == null ? loop : null;
        }
        return held == null || held.awaitSettled(patience);
    }

    private void run() {
        if (pipeline != null && thread != null && loop != null) {
            pipeline.ledger().ending().stopping(false);
            pipeline.state(Pipeline.State.RUNNING);
            loop.allow();
            thread.execute(loop);
        }
    }

    /** Returns at once. Camel waits for a page under way, as for every exchange. */
    @Override
    protected synchronized void doSuspend() {
        if (standby != null) {
            standby.stop();
            standby = null;
            component.waiting().remove(config.name());
        }
        if (pipeline != null && loop != null) {
            loop.stop();
            pipeline.ledger().ending().stopping(true);
            if (pipeline.state() == Pipeline.State.RUNNING || pipeline.state() == Pipeline.State.PAUSED) {
                pipeline.state(Pipeline.State.STOPPED);
            }
        }
    }

    /** Reading stops first, so that the routes after it can deliver what was read. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return false;
    }

    /**
     * The work that Camel must wait for before it stops the routes after this one: a page that is not collected yet, and
     * closed batches. Camel sees neither between two exchanges.
     */
    @Override
    public synchronized int getPendingExchangesSize() {
        int pages = loop != null && loop.isRouting() ? 1 : 0;
        return pages + (pipeline == null ? 0 : pipeline.ledger().deliveries().size());
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // reading has stopped already
    }

    @Override
    protected void doStop() throws Exception {
        doSuspend();
        if (thread != null) {
            context.getExecutorServiceManager().shutdownGraceful(thread);
            thread = null;
        }
        synchronized (this) {
            if (pipeline != null) {
                component.running().giveBack(pipeline);
            }
        }
        if (ownership != null) {
            ownership.close();
            ownership = null;
        }
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        if (pipeline != null) {
            component.running().remove(pipeline);
        }
        super.doShutdown();
    }

    /** Creates an exchange of the route. Give it back with {@link #releaseExchange}. */
    Exchange newExchange() {
        return createExchange(false);
    }
}
