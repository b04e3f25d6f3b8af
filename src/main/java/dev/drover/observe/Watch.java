package dev.drover.observe;

import dev.drover.ledger.Periodic;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Observes the pipelines of this process every second on a separate thread, so that the management port answers at once
 * even if something hangs. Runs only if that port is open.
 */
final class Watch extends ServiceSupport {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration COUNT_PAUSE = Duration.ofSeconds(5);

    private final CamelContext context;
    private final PagesComponent pages;
    private final Health health;
    private final Map<String, Observed> observed = new ConcurrentSkipListMap<>();
    private final @Nullable Meters meters;
    private final Periodic looking;
    private final Periodic counting;

    Watch(CamelContext context, PagesComponent pages) {
        this.context = context;
        this.pages = pages;
        this.health = Health.of(context);
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        this.meters = registry == null ? null : new Meters(registry, this::store);
        looking = new Periodic(context, "watch", TICK, this::look);
        // separate, because a source may not answer
        counting = new Periodic(
                context, "rows-ahead", COUNT_PAUSE, () -> observed.values().forEach(each -> each.count(context)));
    }

    @Override
    protected void doStart() {
        if (meters != null) {
            meters.listen(context);
        }
        ServiceHelper.startService(looking, counting);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(looking, counting);
    }

    private void look() {
        StatusWriter.start(context, pages);
        // A resume replaces a pipeline by another of the same name; null means that the process stands by.
        Map<String, @Nullable Pipeline> now = new HashMap<>();
        pages.pipelines().forEach(pipeline -> now.put(pipeline.name(), pipeline));
        pages.waiting().forEach(name -> now.put(name, null));
        observed.values().removeIf(each -> !now.containsKey(each.name()) && forgotten(each));
        long nanos = System.nanoTime();
        now.forEach(
                (name, pipeline) -> observed.computeIfAbsent(name, this::begun).look(pipeline, nanos));
    }

    private Observed begun(String name) {
        Observed begun = new Observed(name, health.stalled());
        if (meters != null) {
            meters.begin(begun);
        }
        return begun;
    }

    private boolean forgotten(Observed gone) {
        if (meters != null) {
            meters.end(gone);
        }
        return true;
    }

    /** The checks of the store and of each pipeline that this process owns or stands by for. */
    Stream<HealthCheck> checks() {
        return Stream.concat(
                Stream.of(new Readiness.Check("store", this::store)),
                observed.values().stream()
                        .map(each -> new Readiness.Check("pipeline-" + each.name(), each::readiness)));
    }

    OptionalLong rowsAhead(String pipeline) {
        Observed known = observed.get(pipeline);
        double rows = known == null ? Double.NaN : known.rowsAhead();
        return Double.isNaN(rows) ? OptionalLong.empty() : OptionalLong.of((long) rows);
    }

    private Readiness store() {
        StatusWriter writer = context.hasService(StatusWriter.class);
        return writer == null ? Readiness.READY : writer.store();
    }
}
