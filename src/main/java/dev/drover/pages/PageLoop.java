package dev.drover.pages;

import dev.drover.config.PagesConfig;
import dev.drover.ledger.JavaError;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.SettlementException;
import dev.drover.ledger.Trace;
import dev.drover.route.RouteShape;
import dev.drover.rows.UnorderedPageException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads page after page while there is room in the window, until it is stopped, reaches its limit, has drained the source
 * or the pipeline halts. Runs on one thread; any thread may call {@link #stop}.
 */
final class PageLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(PageLoop.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration BEFORE_FLUSH = Duration.ofMillis(200);

    private final Pipeline pipeline;
    private final PagesConfig config;
    private final Ledger ledger;
    private final NextPage next;
    private final Duration drainPatience;
    private final long began = System.nanoTime();
    private volatile CountDownLatch stopped = new CountDownLatch(1);
    private volatile Future<?> held = CompletableFuture.completedFuture(null);
    private boolean routing;

    PageLoop(PagesConsumer consumer, PagesEndpoint endpoint, Pipeline pipeline) {
        this.pipeline = pipeline;
        this.config = pipeline.config();
        this.ledger = pipeline.ledger();
        this.next = new NextPage(this, consumer, endpoint, pipeline);
        this.drainPatience = Duration.ofMillis(endpoint.getComponent().getDrainPatience());
        CamelContext context = endpoint.getCamelContext();
        if (RouteShape.single(context, pipeline.routeId()).isEmpty()) {
            ledger.collecting().useSlices();
        }
        if (pipeline.owned().isPresent() && Trace.of(context).isEnabled()) {
            ledger.trace();
        }
        LOG.info("{}: {}", config.name(), pipeline.claims().isPresent() ? "claims rows" : beginning());
    }

    private String beginning() {
        String start = config.startAfter() == null ? "" : " after " + config.startAfter();
        return pipeline.checkpoint()
                .map(cursor -> "goes on after its checkpoint " + cursor)
                .orElse("no checkpoint yet, begins at the first row" + start);
    }

    /** Allows a run. Call it before each run. */
    void allow() {
        stopped = new CountDownLatch(1);
    }

    /**
     * Stops reading at once and closes incomplete batches. Does not wait for a page under way; the batches are closed again
     * after that page.
     */
    void stop() {
        synchronized (this) {
            stopped.countDown();
        }
        ledger.wake();
        ledger.collecting().flush();
    }

    /** Whether a page is on its way to the batches, or its batches are not closed yet after a stop. */
    synchronized boolean isRouting() {
        return routing;
    }

    /** Whether a page may be read and routed now. */
    synchronized boolean mayRoute() {
        routing = mayRead();
        return routing;
    }

    /** Notes that the page was routed. After a stop, its batches must be closed first. */
    synchronized void routed() {
        routing = !mayRead();
    }

    private synchronized void closed() {
        routing = false;
    }

    @Override
    public void run() {
        try {
            while (mayRead()) {
                if (limitReached()) {
                    finish();
                    return;
                }
                if (!rests()) {
                    if (hasRoom()) {
                        next.read();
                    } else {
                        next.lookWithoutRoom();
                    }
                }
                haltAtMaxFailures();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalArgumentException | UnorderedPageException e) {
            ledger.halt(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.debug("{}: reading failed", config.name(), e);
            ledger.halt("reading failed: " + e);
        } catch (Error e) {
            JavaError.halt(ledger, e); // else reading would end without a line in the log
        }
        if (ledger.halted().isEmpty()) {
            ledger.collecting().flush(); // after a stop, incomplete batches need not wait for their age
        }
        closed();
        next.close();
        ledger.writing().writeNow();
        ledger.halted().ifPresent(why -> LOG.error("{}: halted, nothing more is read: {}", config.name(), why));
    }

    boolean mayRead() {
        return stopped.getCount() > 0 && ledger.halted().isEmpty();
    }

    /** Whether the schedule forbids reading now. Records that were read are delivered, and the checkpoint is written. */
    private boolean rests() throws InterruptedException {
        Optional<ZonedDateTime> until = config.schedule().restsUntil(Instant.now());
        pipeline.reading().restsUntil(until.orElse(null));
        if (until.isPresent()) {
            retrySettlement();
            ledger.collecting().flush();
            pause(PATIENCE);
        }
        return until.isPresent();
    }

    private void haltAtMaxFailures() {
        long deadLetters = ledger.tally().deadLetters();
        if (config.limits().failed(deadLetters)) {
            ledger.halt("maxFailures: " + deadLetters + " records of this run became dead letters");
        }
    }

    private boolean limitReached() {
        return config.limits().reached(next.rows(), Duration.ofNanos(System.nanoTime() - began));
    }

    /**
     * Deliveries under way may make room at once. If they do not, incomplete batches are closed before the longer wait,
     * because they may fill the window. A window of one page is always filled by them, so they are closed at once.
     */
    private boolean hasRoom() throws InterruptedException {
        retrySettlement();
        if (!ledger.awaitLease()) {
            return false;
        }
        boolean pageByPage = config.maxInFlight() == config.pageSize();
        int room = pageByPage ? config.maxInFlight() : next.size();
        if (!pageByPage && ledger.awaitRoom(room, BEFORE_FLUSH)) {
            return true;
        }
        ledger.collecting().flush();
        return ledger.awaitRoom(room, PATIENCE)
                && (!pageByPage || ledger.awaitSettled(PATIENCE)); // a page may have no rows
    }

    /** Waits until everything that was read is settled, and nothing is parked any more, and finishes the pipeline. */
    void finish() throws InterruptedException {
        long parked = 0;
        long since = System.nanoTime();
        while (mayRead()) {
            ledger.collecting().flush(); // again and again: while other routes start, Camel lets no batch be closed
            retrySettlement();
            if (!ledger.awaitSettled(PATIENCE)) {
                continue;
            }
            long left = ledger.tally().parked();
            if (left == 0) {
                pipeline.reading().waitsFor(null);
                pipeline.state(Pipeline.State.FINISHED);
                stopped.countDown();
                return;
            }
            since = left == parked ? since : System.nanoTime();
            parked = left;
            awaitParked(left, Duration.ofNanos(System.nanoTime() - since));
        }
    }

    private void awaitParked(long records, Duration waited) throws InterruptedException {
        pipeline.reading().waitsAndLogs("its parked records");
        if (waited.compareTo(drainPatience) >= 0) {
            ledger.halt("everything was read, but " + records + " records are still parked, and none of their addresses"
                    + " has accepted any for " + waited.toSeconds()
                    + " s; drover dead-letters list --parked names them,"
                    + " and the next run delivers them");
        }
        pause(BEFORE_FLUSH);
    }

    /** Notes that reading is held. The future completes when the last run has ended. */
    void held(Future<?> ended) {
        held = ended;
    }

    /** Waits as {@link PagesConsumer#awaitSettled} tells. */
    boolean awaitSettled(Duration patience) throws InterruptedException {
        if (ledger.halted().isPresent() || ledger.ending().hasGivenUp()) {
            return true;
        }
        try {
            held.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        ledger.collecting().flush();
        ledger.writing().write();
        return ledger.awaitSettled(patience);
    }

    private void retrySettlement() {
        ledger.writing().write();
        ledger.tally().takeSettlementFailure().ifPresent(this::warn);
    }

    private void warn(SettlementException failure) {
        LOG.warn("{}: the checkpoint could not be written, tried again: {}", config.name(), failure.inWords());
    }

    /** Writes what is settled and waits, unless reading is stopped. */
    void pause(Duration delay) throws InterruptedException {
        ledger.writing().writeNow();
        if (stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("{}: stopped while waiting", config.name());
        }
    }
}
