package dev.drover.pages;

import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.consistency.Claims;
import dev.drover.consistency.Horizon;
import dev.drover.consistency.LateRows;
import dev.drover.ledger.Backoff;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.JavaError;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.Recovery;
import dev.drover.ledger.SettlementException;
import dev.drover.rows.ChangeUpkeep;
import dev.drover.rows.UnorderedPageException;
import dev.drover.source.SourceWatch;
import dev.drover.sql.PageRequest;
import dev.drover.sql.ReadFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads page after page while there is room in the window, until it is stopped, its limit is reached, a drained source
 * ends it or the pipeline halts. Runs on one thread; {@link #stop} may be called by any.
 */
final class PageLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(PageLoop.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration BEFORE_FLUSH = Duration.ofMillis(200);

    private final Pipeline pipeline;
    private final PagesConfig config;
    private final Ledger ledger;
    private final PageRead pageRead;
    private final Opening opening;
    private final Recovery recovery;
    private final Optional<Claims> claims;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private @Nullable OpenedSource source;
    private @Nullable Cursor after;
    private boolean recovered;
    private final ReadingWait wait;
    private final SourceWatch watch;
    private long rows;
    private final long began = System.nanoTime();
    private volatile CountDownLatch stopped = new CountDownLatch(1);
    private boolean routing;

    /** Finds out how the source is read; asks the database. */
    @FunctionalInterface
    interface Opening {
        OpenedSource open(@Nullable Cursor begin) throws SQLException;
    }

    PageLoop(
            PagesConsumer consumer,
            Pipeline pipeline,
            Opening opening,
            SourceWatch watch,
            Recovery recovery,
            Duration patience) {
        this.pipeline = pipeline;
        this.config = pipeline.config();
        this.ledger = pipeline.ledger();
        this.pageRead = new PageRead(consumer, pipeline, watch);
        this.opening = opening;
        this.watch = watch;
        this.recovery = recovery;
        this.wait = new ReadingWait(pipeline, patience);
        this.claims = pipeline.claims();
        this.after = pipeline.checkpoint().orElse(config.startAfter());
    }

    /** Must be called before each run. */
    void allow() {
        stopped = new CountDownLatch(1);
    }

    /**
     * Stops reading at once, and closes what is collected. Does not wait for a page that is under way: after that page,
     * what is collected is closed again.
     */
    void stop() {
        synchronized (this) {
            stopped.countDown();
        }
        ledger.wake();
        ledger.collecting().flush();
    }

    /** Whether a page is on its way to the batches, or reading was stopped meanwhile and they are not closed yet. */
    synchronized boolean isRouting() {
        return routing;
    }

    private synchronized boolean mayRoute() {
        routing = mayRead();
        return routing;
    }

    /** After a stop the batches are to be closed first. */
    private synchronized void routed() {
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
                        read();
                    } else {
                        lookWithoutRoom();
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
            ledger.collecting().flush(); // what was collected before a stop need not wait for its age
        }
        closed();
        ledger.writing().writeNow();
        ledger.halted().ifPresent(why -> LOG.error("{}: halted, nothing more is read: {}", config.name(), why));
    }

    private boolean mayRead() {
        return stopped.getCount() > 0 && ledger.halted().isEmpty();
    }

    /** Whether the schedule forbids to read now. Records that were read are delivered, and the checkpoint is written. */
    private boolean rests() throws InterruptedException {
        Optional<ZonedDateTime> until = config.schedule().restsUntil(Instant.now());
        pipeline.restsUntil(until.orElse(null));
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
        return config.limits().reached(rows, Duration.ofNanos(System.nanoTime() - began));
    }

    private int asked() {
        return config.limits().left(config.pageSize(), rows);
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
        int room = pageByPage ? config.maxInFlight() : asked();
        if (!pageByPage && ledger.awaitRoom(room, BEFORE_FLUSH)) {
            return true;
        }
        ledger.collecting().flush();
        return ledger.awaitRoom(room, PATIENCE);
    }

    /** A premise that fails while the window is full may hold again when it is not. */
    private void lookWithoutRoom() {
        try {
            if (source != null) {
                source.premises().look();
            }
        } catch (SQLException e) {
            LOG.debug("{}: the premises cannot be looked at, while there is no room to read", config.name(), e);
        }
    }

    private void read() throws InterruptedException {
        try {
            OpenedSource opened = opened();
            if (!recovered()) {
                return;
            }
            if (watch.look(lastRead(), opened.consistency())) {
                opened.premises().failed(); // another server may answer
            }
            opened.premises().look();
            if (!snapshotTaken(opened)) {
                return;
            }
            opened.upkeep().ifPresent(upkeep -> upkeep.prune(pipeline.checkpoint()));
            Horizon.Look look = opened.horizon().isOpen()
                    ? Horizon.Look.FURTHER
                    : opened.horizon().look();
            if (!mayRoute()) {
                return;
            }
            switch (look) {
                case FURTHER -> readPage(opened);
                case DRAINED -> drained(opened);
                case NOT_YET -> await(opened.horizon().awaited());
                case FINISHED -> ended(opened);
            }
            routed();
            backoff.reset();
            pipeline.unreadable(null);
        } catch (SQLException e) {
            routed();
            failed(ReadFailure.message(e));
        }
    }

    /** The last key that was passed; where reading begins was not read. */
    private @Nullable Cursor lastRead() {
        return rows > 0 || pipeline.checkpoint().isPresent() ? after : null;
    }

    private OpenedSource opened() throws SQLException {
        OpenedSource opened = source;
        if (opened == null) {
            opened = opening.open(after);
            source = opened;
            opened.announce(config);
        }
        return opened;
    }

    /** First of all, so that nothing new overtakes it or has records of it. */
    private boolean recovered() throws SQLException {
        recovered = recovered || recovery.recover(ledger);
        return recovered;
    }

    /** Whether the snapshot is complete. Each call appends a part of the existing rows to the change log. */
    private boolean snapshotTaken(OpenedSource opened) throws SQLException {
        ChangeUpkeep upkeep = opened.upkeep().orElse(null);
        if (after != null || upkeep == null || upkeep.snapshot()) {
            return true;
        }
        pipeline.waitsFor("its snapshot, of which " + upkeep.rows() + " rows are in the change log");
        return false;
    }

    private void readPage(OpenedSource opened) throws SQLException, InterruptedException {
        PageRequest request = new PageRequest(after, opened.horizon().upTo(), asked());
        PageRead.Result result = pageRead.read(request, null, opened);
        if (claims.isEmpty() && result.last() != null) {
            after = result.last();
        }
        rows += result.rows();
        if (result.rows() > 0) {
            pipeline.drained(false);
            wait.now(null);
            if (after != null) {
                watch.wasRead(after, opened.consistency());
            }
        }
        if (result.drained() && opened.horizon().reached()) {
            drained(opened);
        }
    }

    /** Nothing more is to be read now: what is collected is closed, and a following pipeline looks for late rows. */
    private void drained(OpenedSource opened) throws SQLException, InterruptedException {
        if (opened.lateRows().isPresent()
                && mayRead()
                && readLate(opened, opened.lateRows().get())) {
            return;
        }
        Optional<String> heldBack = opened.heldBack().find(after);
        if (heldBack.isPresent()) {
            await(heldBack.get());
            return;
        }
        boolean ends = config.mode() == Mode.DRAIN;
        wait.now(ends ? null : watch.awaited());
        pipeline.drained(true);
        ledger.collecting().flush();
        if (ends && mayRead()) {
            finish();
        } else {
            pause(config.delay());
        }
    }

    /** The last key that is to be read was passed, unless rows before it cannot be read yet. */
    private void ended(OpenedSource opened) throws SQLException, InterruptedException {
        Optional<String> heldBack = opened.heldBack().find(after);
        if (heldBack.isPresent()) {
            opened.horizon().again();
            await(heldBack.get());
        } else {
            finish();
        }
    }

    /** Reads the first rows that have appeared behind the cursor; the checkpoint stays at the cursor meanwhile. */
    private boolean readLate(OpenedSource opened, LateRows late) throws SQLException {
        List<PageRequest> requests = late.find(after, asked());
        if (requests.isEmpty()) {
            return false;
        }
        rows += pageRead.read(requests.get(0), after, opened).rows();
        return true;
    }

    /** Rows are committed, or may be, and cannot be read yet. */
    private void await(String reason) throws InterruptedException {
        pipeline.drained(false);
        wait.now(reason);
        ledger.collecting().flush();
        pause(config.delay());
    }

    private void failed(String why) throws InterruptedException {
        claims.ifPresent(Claims::giveBackLastPage);
        pipeline.unreadable(why);
        if (source != null) {
            source.premises().failed();
        }
        watch.failed();
        wait.now(null);
        Duration delay = backoff.next();
        LOG.warn("{}: a page could not be read, again in {} ms: {}", config.name(), delay.toMillis(), why);
        pause(delay);
    }

    /** Everything that was to be read is read: waits until all of it is settled. */
    private void finish() throws InterruptedException {
        while (mayRead()) {
            ledger.collecting().flush(); // again and again: while other routes start, Camel lets no batch be closed
            retrySettlement();
            if (ledger.awaitSettled(PATIENCE)) {
                pipeline.state(Pipeline.State.FINISHED);
                stopped.countDown();
            }
        }
    }

    private void retrySettlement() {
        ledger.writing().write();
        ledger.tally().takeSettlementFailure().ifPresent(this::warn);
    }

    private void warn(SettlementException failure) {
        LOG.warn("{}: the checkpoint could not be written, tried again: {}", config.name(), failure.inWords());
    }

    private void pause(Duration delay) throws InterruptedException {
        ledger.writing().writeNow();
        if (stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("{}: stopped while waiting", config.name());
        }
    }
}
