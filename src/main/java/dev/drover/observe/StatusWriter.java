package dev.drover.observe;

import dev.drover.ledger.Periodic;
import dev.drover.ledger.SettlementException;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.store.Statuses;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the state of the pipelines of this process to the store, for the {@code status} command. A separate thread does
 * so every two seconds while something changes, every ten seconds otherwise, and at the end. A failure does not affect
 * the pipelines.
 */
public final class StatusWriter extends ServiceSupport {

    /** The longest pause between two writes of a running process. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final Duration TICK = Duration.ofSeconds(2);

    /** How long the store may take to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PagesComponent pages;
    private final Statuses statuses;
    private final Map<String, Pipeline> known = new TreeMap<>();
    private final Map<String, Last> last = new HashMap<>();
    private final boolean probes;
    private volatile @Nullable Long asked;
    private volatile @Nullable String trouble;
    private final Periodic writing;

    private static final class Last {
        private final Progress.Rate rate = new Progress.Rate();
        private String json = "";
        private long nanos;
    }

    private StatusWriter(CamelContext context, PagesComponent pages, boolean probes) {
        this.pages = pages;
        this.statuses = pages.statuses();
        this.probes = probes;
        this.writing = new Periodic(context, "status", TICK, this::tellAll);
    }

    /**
     * Writes the state of the pipelines of this context until the context stops; Camel stops this service after the
     * routes. Does nothing if there are no pipelines or if it is running already. If the management port is open, it
     * writes every two seconds, to find out whether the store is writable.
     */
    public static synchronized void start(CamelContext context, PagesComponent pages) {
        boolean any = !pages.pipelines().isEmpty() || !pages.waiting().isEmpty();
        if (any && context.hasService(StatusWriter.class) == null) {
            try {
                context.addService(new StatusWriter(context, pages, Management.isOpen(context)));
            } catch (Exception e) {
                throw new IllegalStateException("the status cannot be written", e);
            }
        }
    }

    /** Whether the last write to the store succeeded, and whether the store answers. */
    Readiness store() {
        Long since = asked;
        String why = trouble;
        if (why != null) {
            return Readiness.not("the store cannot be written: " + why);
        }
        Duration asking = since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
        return asking.compareTo(PATIENCE) <= 0
                ? Readiness.READY
                : Readiness.not("the store has not answered for " + asking.toSeconds() + " s");
    }

    @Override
    protected void doStart() {
        writing.start();
    }

    @Override
    protected void doStop() {
        writing.stop();
        tellAll();
    }

    private synchronized void tellAll() {
        asked = System.nanoTime();
        try {
            // Pipelines deregister at the end, and a resume replaces a pipeline by another of the same name.
            pages.pipelines().forEach(pipeline -> known.put(pipeline.name(), pipeline));
            known.values().forEach(this::tell);
            if (probes && known.isEmpty()) {
                Map<String, Statuses.Told> unused = statuses.read();
            }
            trouble = null;
        } catch (SettlementException e) {
            trouble = e.inWords();
            LOG.debug("the status is not written: {}", e.getMessage());
        } catch (RuntimeException e) {
            trouble = e.toString();
            LOG.warn("the status is not written: {}", e.toString());
        } finally {
            asked = null;
        }
    }

    private void tell(Pipeline pipeline) {
        Last written = last.computeIfAbsent(pipeline.name(), name -> new Last());
        long now = System.nanoTime();
        long rate = written.rate.perSecond(now, pipeline.tally().settled());
        String json = PipelineStatus.of(pipeline, rate).toJson();
        if (!probes && json.equals(written.json) && now - written.nanos < HEARTBEAT.toNanos()) {
            return;
        }
        statuses.tell(pipeline.name(), pipeline.epoch(), json);
        written.json = json;
        written.nanos = now;
    }
}
