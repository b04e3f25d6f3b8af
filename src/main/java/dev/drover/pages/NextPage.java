package dev.drover.pages;

import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.consistency.Claims;
import dev.drover.consistency.Horizon;
import dev.drover.consistency.LateRows;
import dev.drover.ledger.Backoff;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.Recovery;
import dev.drover.route.RouteSteps;
import dev.drover.rows.ChangeUpkeep;
import dev.drover.rows.PageReader;
import dev.drover.source.CheckpointGuard;
import dev.drover.source.SourceForm;
import dev.drover.source.SourceWatch;
import dev.drover.sql.PageRequest;
import dev.drover.sql.ReadFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what a pipeline may read next, and reads it or waits. Used by the thread of its {@link PageLoop}. */
final class NextPage {

    private static final Logger LOG = LoggerFactory.getLogger(NextPage.class);

    private final PageLoop loop;
    private final PagesEndpoint endpoint;
    private final Pipeline pipeline;
    private final PagesConfig config;
    private final Ledger ledger;
    private final RouteDefinition route;
    private final CheckpointGuard guard;
    private final SourceWatch watch;
    private final List<Recovery> recoveries;
    private final PageRead pageRead;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private @Nullable OpenedSource source;
    private @Nullable Cursor after;
    private boolean recovered;
    private long rows;
    private long idleSince = System.nanoTime();

    NextPage(PageLoop loop, PagesConsumer consumer, PagesEndpoint endpoint, Pipeline pipeline) {
        CamelContext context = endpoint.getCamelContext();
        this.loop = loop;
        this.endpoint = endpoint;
        this.pipeline = pipeline;
        this.config = pipeline.config();
        this.ledger = pipeline.ledger();
        this.route = RouteSteps.route(context, pipeline.routeId());
        this.guard = new CheckpointGuard(SourceForm.of(context, route, endpoint), config);
        this.watch = new SourceWatch(guard);
        this.pageRead = new PageRead(consumer, pipeline, watch);
        this.after = pipeline.checkpoint().orElse(config.startAfter());
        this.recoveries = pipeline.claims().isPresent()
                ? List.of()
                : List.copyOf(context.getRegistry().findByType(Recovery.class));
    }

    /** The number of rows that were read. */
    long rows() {
        return rows;
    }

    /** The number of records that the next page asks for. */
    int size() {
        return config.limits().left(config.pageSize(), rows);
    }

    /** Reads the next page, or waits if there is none or the database fails. */
    void read() throws InterruptedException {
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
            if (!loop.mayRoute()) {
                return;
            }
            switch (look) {
                case FURTHER -> readPage(opened);
                case DRAINED -> drained(opened);
                case NOT_YET -> await(opened.horizon().awaited());
                case FINISHED -> ended(opened);
            }
            loop.routed();
            backoff.reset();
            pipeline.reading().unreadable(null);
        } catch (SQLException e) {
            loop.routed();
            failed(ReadFailure.message(e));
        }
    }

    /** Checks the premises while the window is full: one that fails then may hold again when there is room. */
    void lookWithoutRoom() {
        try {
            if (source != null) {
                source.premises().look();
            }
        } catch (SQLException e) {
            LOG.debug("{}: the premises cannot be looked at, while there is no room to read", config.name(), e);
        }
    }

    /** Closes the reader. */
    void close() {
        if (source != null) {
            source.reader().ifPresent(PageReader::close);
        }
    }

    /** The last key that was read and passed; null if only the start of reading is known. */
    private @Nullable Cursor lastRead() {
        return rows > 0 || pipeline.checkpoint().isPresent() ? after : null;
    }

    private OpenedSource opened() throws SQLException {
        OpenedSource opened = source;
        if (opened == null) {
            if (pipeline.owned().isPresent()) {
                guard.admit(pipeline.owned().get());
            }
            opened = OpenedSource.open(endpoint.getCamelContext(), route, endpoint, pipeline.claims(), after);
            source = opened;
        }
        return opened;
    }

    /** Recovery comes first, so that no new record overtakes it and no new batch contains its records. */
    private boolean recovered() throws SQLException {
        for (int i = 0; !recovered && i < recoveries.size(); i++) {
            if (!recoveries.get(i).recover(ledger)) {
                return false;
            }
        }
        recovered = true;
        return true;
    }

    /** Whether the snapshot is complete. Each call appends a part of the existing rows to the change log. */
    private boolean snapshotTaken(OpenedSource opened) throws SQLException {
        ChangeUpkeep upkeep = opened.upkeep().orElse(null);
        if (after != null || upkeep == null || upkeep.snapshot()) {
            return true;
        }
        pipeline.reading().waitsFor("its snapshot, of which " + upkeep.rows() + " rows are in the change log");
        return false;
    }

    private void readPage(OpenedSource opened) throws SQLException, InterruptedException {
        PageRequest request = new PageRequest(after, opened.horizon().upTo(), size());
        PageRead.Result result = pageRead.read(request, null, opened);
        if (pipeline.claims().isEmpty() && result.last() != null) {
            after = result.last();
        }
        rows += result.rows();
        if (result.rows() > 0) {
            idleSince = System.nanoTime();
            pipeline.drained(false);
            pipeline.reading().waitsFor(null);
            if (after != null) {
                watch.wasRead(after, opened.consistency());
            }
        }
        if (result.drained() && opened.horizon().reached()) {
            drained(opened);
        }
    }

    /** Handles a source without further rows: reads late rows if there are any, otherwise flushes and waits or ends. */
    private void drained(OpenedSource opened) throws SQLException, InterruptedException {
        if (opened.lateRows().isPresent()
                && loop.mayRead()
                && readLate(opened, opened.lateRows().get())) {
            return;
        }
        Optional<String> heldBack = opened.heldBack().find(after);
        if (heldBack.isPresent()) {
            await(heldBack.get());
            return;
        }
        boolean ends = config.mode() == Mode.DRAIN;
        pipeline.reading().waitsAndLogs(ends ? null : watch.awaited());
        pipeline.drained(true);
        ledger.collecting().flush();
        if (ends && loop.mayRead()) {
            loop.finish();
        } else {
            loop.pause(config.delayAfter(Duration.ofNanos(System.nanoTime() - idleSince)));
        }
    }

    /** Finishes when the last key was passed, unless earlier rows cannot be read yet. */
    private void ended(OpenedSource opened) throws SQLException, InterruptedException {
        Optional<String> heldBack = opened.heldBack().find(after);
        if (heldBack.isPresent()) {
            opened.horizon().again();
            await(heldBack.get());
        } else {
            loop.finish();
        }
    }

    /** Reads the first rows that appeared behind the cursor. Meanwhile the checkpoint stays at the cursor. */
    private boolean readLate(OpenedSource opened, LateRows late) throws SQLException {
        List<PageRequest> requests = late.find(after, size());
        if (requests.isEmpty()) {
            return false;
        }
        rows += pageRead.read(requests.get(0), after, opened).rows();
        idleSince = System.nanoTime();
        return true;
    }

    /** Waits for rows that are or may be committed and cannot be read yet. A run that drains halts after its patience. */
    private void await(String reason) throws InterruptedException {
        pipeline.drained(false);
        pipeline.reading().waitsAndLogs(reason);
        Duration waited = pipeline.reading().waited();
        long patience = endpoint.getComponent().getDrainPatience();
        if (config.mode() == Mode.DRAIN && waited.toMillis() >= patience) {
            ledger.halt("not drained: rows are left that could not be read for " + waited.toSeconds()
                    + " s, waited for " + reason + "; run again when that has ended");
        }
        ledger.collecting().flush();
        loop.pause(config.delay());
    }

    private void failed(String why) throws InterruptedException {
        pipeline.claims().ifPresent(Claims::giveBackLastPage);
        pipeline.reading().unreadable(why);
        if (source != null) {
            source.premises().failed();
        }
        watch.failed();
        pipeline.reading().waitsFor(null);
        Duration delay = backoff.next();
        LOG.warn("{}: a page could not be read, again in {} ms: {}", config.name(), delay.toMillis(), why);
        loop.pause(delay);
    }
}
