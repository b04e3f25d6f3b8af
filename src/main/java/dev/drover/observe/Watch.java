package dev.drover.observe;

import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the pipelines of this process every second, on a thread of its own, so that what is asked over the management
 * port is answered at once and truly, whatever hangs. Runs only where that port is open.
 */
final class Watch extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long TICK_SECONDS = 1;

    private final CamelContext context;
    private final PagesComponent pages;
    private final Health health;
    private final Map<Pipeline, Stillness> stillness = new ConcurrentHashMap<>();
    private final Map<Pipeline, Duration> still = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService thread;

    Watch(CamelContext context, PagesComponent pages) {
        this.context = context;
        this.pages = pages;
        Health bean = context.getRegistry().lookupByNameAndType(Health.BEAN, Health.class);
        this.health = bean == null ? new Health() : bean;
    }

    @Override
    protected void doStart() {
        thread = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "watch");
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::look, 0, TICK_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void doStop() {
        if (thread != null) {
            context.getExecutorServiceManager().shutdownNow(thread);
            thread = null;
        }
    }

    private void look() {
        try {
            StatusWriter.start(context, pages);
            lookAtPipelines(System.nanoTime());
        } catch (Exception e) {
            // What is thrown from here would end the watch.
            LOG.warn("the pipelines are not watched: {}", e.toString());
        }
    }

    private void lookAtPipelines(long now) {
        // After a resume another may have taken the place of one.
        stillness.keySet().retainAll(pages.pipelines());
        still.keySet().retainAll(pages.pipelines());
        for (Pipeline pipeline : pages.pipelines()) {
            Stillness known = stillness.computeIfAbsent(pipeline, any -> new Stillness());
            still.put(pipeline, known.look(pipeline, now));
        }
    }

    /** The checks of now: the store, and each pipeline that this process owns or stands by for. */
    Stream<HealthCheck> checks() {
        // One that stands by again is still known as it was before.
        Stream<HealthCheck> owned = pages.pipelines().stream()
                .filter(pipeline -> !pages.waiting().contains(pipeline.name()))
                .map(pipeline -> new Check(id(pipeline.name()), () -> readiness(pipeline)));
        Stream<HealthCheck> waiting = pages.waiting().stream()
                .map(name -> new Check(id(name), () -> new Readiness(true, "stands by for the process that owns it")));
        Stream<HealthCheck> store = Stream.of(new Check("store", this::store));
        return Stream.of(store, owned, waiting).flatMap(all -> all);
    }

    private static String id(String pipeline) {
        return "pipeline-" + pipeline;
    }

    private Readiness readiness(Pipeline pipeline) {
        return Readiness.of(pipeline, still.getOrDefault(pipeline, Duration.ZERO), health.stalled());
    }

    private Readiness store() {
        StatusWriter writer = context.hasService(StatusWriter.class);
        return writer == null ? Readiness.READY : writer.store();
    }
}
