package dev.drover.observe;

import dev.drover.ledger.Periodic;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each alarm of a pipeline, and its end, to the user's route that begins at {@code direct:alarms}; without such a
 * route it is not created. It checks the pipelines every second. An alarm is sent once, even if its reason changes; only a halt
 * after it is sent too. It is sent again if the route has failed. One thread checks and sends, and there is one entry for
 * each pipeline, so a route that fails or hangs delays only other alarms.
 */
final class Alarms extends ServiceSupport {

    /** The endpoint of the user's route. */
    static final String ROUTE = "direct:alarms";

    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** A problem that may end by itself, such as a restart of the database, becomes an alarm after this time. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A problem that returns within this time has not ended. */
    private static final Duration CALM = Duration.ofSeconds(10);

    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final CamelContext context;
    private final PagesComponent pages;
    private final Duration stalled;
    private final LongSupplier nanoTime;
    private final Periodic looking;
    private final Map<String, Watched> pipelines = new TreeMap<>();

    private static final class Watched {
        private final Observed observed;
        private @Nullable Pipeline pipeline;
        private @Nullable Instant since;
        private long begun;
        private long lastSeen;
        private long lastTried;
        private boolean failed;
        private @Nullable String told;

        Watched(Observed observed) {
            this.observed = observed;
        }
    }

    Alarms(CamelContext context, PagesComponent pages, Duration stalled, LongSupplier nanoTime) {
        this.context = context;
        this.pages = pages;
        this.stalled = stalled;
        this.nanoTime = nanoTime;
        looking = new Periodic(context, "alarms", TICK, this::look);
    }

    /** Whether the context runs a route that takes alarms. */
    static boolean areWanted(CamelContext context) {
        return context.getRoutes().stream()
                .anyMatch(route -> route.getEndpoint().getEndpointBaseUri().equals("direct://alarms")
                        && context.getRouteController()
                                .getRouteStatus(route.getRouteId())
                                .isStarted());
    }

    @Override
    protected void doStart() {
        looking.start();
    }

    @Override
    protected void doStop() {
        looking.stop();
    }

    /** Sends the halt that ends a run. Waits five seconds at most. To be called while the routes still run. */
    void lastWords() {
        Thread last = new Thread(this::lastLook, "alarms-last");
        last.setDaemon(true);
        last.start();
        try {
            last.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        looking.stop(); // not before: it would interrupt a send that is under way
    }

    /** Does not wait for the pause after a failed send. */
    private synchronized void lastLook() {
        pipelines.values().forEach(watched -> watched.failed = false);
        look();
    }

    synchronized void look() {
        // an ended pipeline is no longer listed, and a resumed one is another object of the same name
        pages.pipelines().forEach(pipeline -> {
            Watched watched =
                    pipelines.computeIfAbsent(pipeline.name(), name -> new Watched(new Observed(name, stalled)));
            watched.pipeline = pipeline;
        });
        pipelines.values().forEach(this::look);
    }

    private void look(Watched watched) {
        Pipeline pipeline = watched.pipeline;
        if (pipeline == null || pipeline.state() == Pipeline.State.STOPPED) {
            return; // the user has stopped it: that is neither an alarm nor the end of one
        }
        long now = nanoTime.getAsLong();
        String state = PipelineStatus.state(pipeline); // before the reason: a halt between the two is sent next
        watched.observed.look(pipeline, now);
        Readiness found = watched.observed.readiness();
        if (!found.ready()) {
            watched.lastSeen = now;
            Instant since = watched.since;
            if (since == null) {
                since = Instant.now().truncatedTo(ChronoUnit.SECONDS);
                watched.since = since;
                watched.begun = now;
            }
            boolean lasts = !state.equals("running") || now - watched.begun >= PATIENCE.toNanos();
            boolean isNew = watched.told == null || (state.equals("halted") && !state.equals(watched.told));
            if (lasts
                    && isNew
                    && mayTry(watched, now)
                    && send(watched, pipeline, since, state.equals("running") ? "alarmed" : state, found.words())) {
                watched.told = state;
            }
        } else if (watched.since != null && watched.told != null) {
            boolean over = now - watched.lastSeen >= CALM.toNanos() || pipeline.state() == Pipeline.State.FINISHED;
            if (over
                    && mayTry(watched, now)
                    && send(watched, pipeline, watched.since, "recovered", "the problem is over")) {
                watched.told = null;
                watched.since = null;
            }
        } else {
            watched.since = null;
        }
    }

    private static boolean mayTry(Watched watched, long now) {
        boolean may = !watched.failed || now - watched.lastTried >= RETRY.toNanos();
        if (may) {
            watched.lastTried = now;
        }
        return may;
    }

    /** Whether the route has taken it. */
    private boolean send(Watched watched, Pipeline pipeline, Instant since, String state, String reason) {
        Map<String, Object> alarm = new LinkedHashMap<>();
        alarm.put("pipeline", pipeline.name());
        alarm.put("state", state);
        alarm.put("reason", Text.oneLine(reason));
        alarm.put("since", since.toString());
        alarm.put("command", command(pipeline));
        Exception failure = null;
        try (ProducerTemplate template = context.createProducerTemplate()) {
            Exchange sent =
                    template.send(ROUTE, exchange -> exchange.getMessage().setBody(alarm));
            failure = sent.getException();
        } catch (Exception e) {
            failure = e;
        }
        if (failure != null && !watched.failed) {
            LOG.warn(
                    "{}: the route of {} has failed and is tried again every {} seconds: {}",
                    pipeline.name(),
                    ROUTE,
                    RETRY.toSeconds(),
                    failure.toString());
        }
        watched.failed = failure != null;
        return failure == null;
    }

    /** What to type to learn more. */
    private static String command(Pipeline pipeline) {
        String name = pipeline.name();
        if (pipeline.ledger().halted().isPresent()) {
            return "drover status";
        } else if (pipeline.ledger().faults().alarm().orElse("").contains("parked")) {
            return "drover dead-letters list --parked --pipeline " + name;
        } else if (pipeline.ledger().faults().refusal().isEmpty()
                && pipeline.ledger().faults().alarm().isPresent()) {
            return "drover audit " + name;
        }
        return pipeline.ledger()
                        .faults()
                        .refusal()
                        .filter(why -> why.contains("dead letters"))
                        .isPresent()
                ? "drover dead-letters list --pipeline " + name
                : "drover doctor";
    }
}
