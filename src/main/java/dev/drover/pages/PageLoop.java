package dev.drover.pages;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.SettlementException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads page after page while there is room in the window, until it is told to stop, its limit is reached, a drained
 * source ends it or the pipeline halts. Runs on one thread; {@link #stop} may be called by any.
 */
final class PageLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(PageLoop.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration BEFORE_FLUSH = Duration.ofMillis(200);

    private final Pipeline pipeline;
    private final PagesConfig config;
    private final Ledger ledger;
    private final PageRead pageRead;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private @Nullable Cursor after;
    private long rows;
    private volatile CountDownLatch stopped = new CountDownLatch(1);

    PageLoop(PagesConsumer consumer, Pipeline pipeline, Optional<TableReader> tableReader) {
        this.pipeline = pipeline;
        this.config = pipeline.config();
        this.ledger = pipeline.ledger();
        this.pageRead = new PageRead(consumer, pipeline, tableReader);
        this.after = pipeline.checkpoint().orElse(config.startAfter());
    }

    /** Must be called before each run. */
    void allow() {
        stopped = new CountDownLatch(1);
    }

    /** Stops reading at once; does not wait for a page that is under way. */
    void stop() {
        stopped.countDown();
        ledger.wake();
    }

    @Override
    public void run() {
        try {
            while (mayRead()) {
                if (limitReached()) {
                    finish();
                    return;
                }
                if (hasRoom()) {
                    readPage();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("{}: reading failed", config.name(), e);
            ledger.halt("reading failed: " + e);
        }
        ledger.halted().ifPresent(why -> LOG.error("{}: halted, nothing more is read: {}", config.name(), why));
    }

    private boolean mayRead() {
        return stopped.getCount() > 0 && ledger.halted().isEmpty();
    }

    private boolean limitReached() {
        return config.limit() > 0 && rows >= config.limit();
    }

    private int asked() {
        long left = config.limit() > 0 ? config.limit() - rows : Long.MAX_VALUE;
        return (int) Math.min(config.pageSize(), left);
    }

    /**
     * Deliveries under way may make room at once. When they do not, incomplete batches are closed before the longer
     * wait: they may be what fills the window.
     */
    private boolean hasRoom() throws InterruptedException {
        retrySettlement();
        if (!ledger.awaitLease()) {
            return false;
        }
        if (ledger.awaitRoom(asked(), BEFORE_FLUSH)) {
            return true;
        }
        ledger.flush();
        return ledger.awaitRoom(asked(), PATIENCE);
    }

    private void readPage() throws InterruptedException {
        int asked = asked();
        PageRead.Result result = pageRead.read(after, asked);
        if (result.failure() != null) {
            Duration delay = backoff.next();
            LOG.warn(
                    "{}: a page could not be read, again in {} ms: {}",
                    config.name(),
                    delay.toMillis(),
                    result.failure());
            pause(delay);
            return;
        }
        backoff.reset();
        rows += result.rows();
        after = result.last() == null ? after : result.last();
        if (result.rows() < asked) {
            drained();
        }
    }

    private void drained() throws InterruptedException {
        ledger.flush();
        if (config.mode() == Mode.DRAIN && mayRead()) {
            finish();
        } else {
            pause(config.delay());
        }
    }

    /** Everything that was to be read is read: waits until all of it is settled. */
    private void finish() throws InterruptedException {
        ledger.flush();
        while (mayRead()) {
            retrySettlement();
            if (ledger.awaitSettled(PATIENCE)) {
                pipeline.state(Pipeline.State.FINISHED);
                stopped.countDown();
            }
        }
    }

    private void retrySettlement() {
        ledger.retryWrites();
        ledger.tally().takeSettlementFailure().ifPresent(this::warn);
    }

    private void warn(SettlementException failure) {
        LOG.warn("{}: the checkpoint could not be written, tried again: {}", config.name(), failure.getMessage());
    }

    private void pause(Duration delay) throws InterruptedException {
        if (stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("{}: stopped while waiting", config.name());
        }
    }
}
