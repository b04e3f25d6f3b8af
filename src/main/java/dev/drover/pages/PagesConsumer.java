package dev.drover.pages;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import dev.drover.ledger.SegmentSize;
import dev.drover.ledger.Trace;
import dev.drover.ownership.Ownership;
import dev.drover.ownership.Standby;
import dev.drover.route.RouteShape;
import dev.drover.store.Checkpoint;
import dev.drover.store.OwnedException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * Owns a pipeline while its route runs: takes the checkpoint at the start, reads on a thread of its own, stops reading
 * at once when it is suspended or stopped. What is in flight then ends by itself and still moves the checkpoint. While
 * another process owns the pipeline it stands by, on that same thread.
 */
public final class PagesConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(PagesConsumer.class);

    private final PagesEndpoint endpoint;
    private final PagesConfig config;
    private @Nullable ExecutorService thread;
    private @Nullable Pipeline pipeline;
    private @Nullable PageLoop loop;
    private @Nullable Standby standby;
    private @Nullable Ownership ownership;
    private Future<?> held = CompletableFuture.completedFuture(null);

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
        endpoint.getComponent().checkpoints(); // dead letters need the store, whoever owns the rows
        if (config.consistency() != Consistency.CLAIM) {
            ownership = endpoint.getComponent().ownership(config);
        }
        begin();
    }

    /** Takes the checkpoint over and begins after it, or stands by for the process that owns it. */
    private synchronized void begin() {
        endpoint.getComponent().releasePrevious(config.name());
        try {
            open(endpoint.claims()
                    .map(claims -> new Pipeline(config, getRoute().getRouteId(), claims))
                    .orElseGet(() -> owned(Objects.requireNonNull(ownership).take())));
            run();
        } catch (OwnedException e) {
            standBy(String.valueOf(e.getMessage()));
        }
    }

    private void standBy(String why) {
        LOG.info("{}: stands by: {}", config.name(), why);
        standby = new Standby(config.name(), Objects.requireNonNull(ownership), this::taken);
        endpoint.getComponent().waiting().add(config.name());
        Objects.requireNonNull(thread).execute(standby);
    }

    /** Runs what a standby has taken, unless the standby was stopped meanwhile. */
    private synchronized void taken(Standby by, Checkpoint checkpoint) {
        if (standby != by) {
            checkpoint.release();
            return;
        }
        standby = null;
        open(owned(checkpoint));
        endpoint.getComponent().waiting().remove(config.name());
        run();
    }

    private Pipeline owned(Checkpoint checkpoint) {
        SegmentSize size = getEndpoint().getCamelContext().getRegistry().findSingleByType(SegmentSize.class);
        if (size != null) {
            checkpoint.segmentsOf(size.segment());
        }
        return new Pipeline(config, getRoute().getRouteId(), checkpoint);
    }

    private void open(Pipeline taken) {
        if (RouteShape.single(getEndpoint().getCamelContext(), getRoute().getRouteId())
                .isEmpty()) {
            taken.ledger().collecting().useSlices();
        }
        if (taken.owned().isPresent()
                && Trace.of(getEndpoint().getCamelContext()).isEnabled()) {
            taken.ledger().trace();
        }
        endpoint.getComponent().register(taken);
        LOG.info("{}", beginning(taken));
        pipeline = taken;
        loop = new PageLoop(this, endpoint, taken);
    }

    private static String beginning(Pipeline pipeline) {
        String name = pipeline.name();
        if (pipeline.claims().isPresent()) {
            return name + ": claims rows";
        }
        return pipeline.checkpoint()
                .map(cursor -> name + ": goes on after its checkpoint " + cursor)
                .orElseGet(() -> pipeline.config().startAfter() == null
                        ? name + ": no checkpoint yet, begins at the first row"
                        : name + ": no checkpoint yet, begins at the first row after "
                                + pipeline.config().startAfter());
    }

    /**
     * Reads no more until {@link #proceed}; what was read goes on to its destinations, and is tried again there as long
     * as it takes. To stop for longer, suspend: that ends the retries too.
     *
     * @return whether it does; not if it did not read
     */
    public synchronized boolean pause() {
        if (pipeline == null || loop == null || pipeline.state() != Pipeline.State.RUNNING) {
            return false;
        }
        loop.stop();
        pipeline.state(Pipeline.State.PAUSED);
        return true;
    }

    /**
     * Ends a pause.
     *
     * @return whether it does; not if there was none
     */
    public synchronized boolean proceed() {
        boolean paused = pipeline != null && pipeline.state() == Pipeline.State.PAUSED;
        if (paused) {
            run();
        }
        return paused;
    }

    /** Goes on where reading stopped; reads again from the checkpoint when records were given up meanwhile. */
    @Override
    protected synchronized void doResume() {
        if (pipeline == null) {
            begin();
        } else if (pipeline.ledger().ending().hasGivenUp() || pipeline.lease().isLost()) {
            begin();
        } else {
            run();
        }
    }

    /**
     * Reads no further, and lets all else go on, retries too: for a route that is about to be exchanged. Returns at
     * once.
     */
    public synchronized void holdReading() {
        if (loop != null && thread != null) {
            loop.stop();
            held = thread.submit(() -> {});
        }
    }

    /** Goes on after {@link #holdReading}, unless it is paused, stopped or at its end. */
    public synchronized void readOn() {
        if (pipeline != null && pipeline.state() == Pipeline.State.RUNNING) {
            run();
        }
    }

    /**
     * Waits, while reading is held, until all that was read is settled and the checkpoint is written; incomplete batches
     * are closed for that.
     *
     * @return whether it is, or never will be because the pipeline was halted, or was stopped and gave up what it had
     */
    public boolean awaitSettled(Duration patience) throws InterruptedException {
        Pipeline running;
        Future<?> reading;
        boolean standsBy;
        synchronized (this) {
            running = pipeline;
            reading = held;
            standsBy = standby != null;
        }
        if (running == null
                || standsBy
                || running.ledger().halted().isPresent()
                || running.ledger().ending().hasGivenUp()) {
            return true;
        }
        try {
            reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        running.ledger().collecting().flush();
        running.ledger().writing().write();
        return running.ledger().awaitSettled(patience);
    }

    private void run() {
        if (pipeline != null && thread != null && loop != null) {
            pipeline.ledger().ending().stopping(false);
            pipeline.state(Pipeline.State.RUNNING);
            loop.allow();
            thread.execute(loop);
        }
    }

    /** Returns at once; the page under way, if any, is awaited by Camel like every exchange. */
    @Override
    protected synchronized void doSuspend() {
        if (standby != null) {
            standby.stop();
            standby = null;
            endpoint.getComponent().waiting().remove(config.name());
        }
        if (pipeline != null && loop != null) {
            loop.stop();
            pipeline.ledger().ending().stopping(true);
            if (pipeline.state() == Pipeline.State.RUNNING || pipeline.state() == Pipeline.State.PAUSED) {
                pipeline.state(Pipeline.State.STOPPED);
            }
        }
    }

    /** Reading stops first, so that the routes after it deliver what was read. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return false;
    }

    /**
     * What Camel must wait for before it stops the routes after it: a page that is not collected yet, and closed
     * batches. Between two exchanges Camel sees neither, and an aggregate waits long for a route that has been stopped.
     */
    @Override
    public synchronized int getPendingExchangesSize() {
        if (pipeline == null || loop == null) {
            return 0;
        }
        return (loop.isRouting() ? 1 : 0) + pipeline.ledger().deliveries().size();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // reading has stopped already
    }

    @Override
    protected void doStop() throws Exception {
        doSuspend();
        if (thread != null) {
            getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(thread);
            thread = null;
        }
        giveBack();
        if (ownership != null) {
            ownership.close();
            ownership = null;
        }
        super.doStop();
    }

    /** The last write of this owner; another one then need not wait. */
    private synchronized void giveBack() {
        if (pipeline == null) {
            return;
        }
        pipeline.ledger().writing().writeNow();
        if (pipeline.ledger().deliveries().isEmpty()) {
            pipeline.release();
        } else {
            endpoint.getComponent().releaseAtTheEnd(pipeline);
        }
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
