package dev.drover.observe;

import dev.drover.delivery.AttemptListener;
import dev.drover.delivery.Attempted;
import dev.drover.ledger.Close;
import dev.drover.ledger.Tally;
import dev.drover.pages.Pipeline;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * Names all metrics. Most of them read counts of the pipelines when they are scraped; only an attempt is recorded here.
 * There are no metrics or labels per record. Labels are few: pipeline, destination, outcome. Thread-safe.
 */
final class Meters {

    /** Bucket limits for the duration of attempts: from a nearby service to the longest sensible deadline. */
    private static final Duration[] STEPS = Stream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<String, AtomicInteger> limits = new ConcurrentHashMap<>();

    /** @param store whether the store is writable */
    Meters(MeterRegistry registry, Supplier<Readiness> store) {
        this.registry = registry;
        Gauge.builder("drover.store.ready", () -> store.get().ready() ? 1 : 0)
                .description("Whether the store can be written, 1 or 0")
                .register(registry);
    }

    /** Counts the attempts of a context. */
    void listen(CamelContext context) {
        AttemptListener.add(context, (exchange, destination) -> this::attempted);
    }

    private void attempted(Attempted attempt) {
        Tags to = Tags.of("pipeline", attempt.pipeline(), "destination", attempt.destination());
        Timer.builder("drover.delivery")
                .description("Duration of attempts, by outcome")
                .tags(to.and("outcome", attempt.outcome()))
                .serviceLevelObjectives(STEPS)
                .register(registry)
                .record(attempt.took());
        Counter.builder("drover.delivery.attempts")
                .description("Attempts by the status of the answer; none if there was no answer")
                .tags(to.and("status", attempt.status() == 0 ? "none" : Integer.toString(attempt.status())))
                .register(registry)
                .increment();
        limits.computeIfAbsent(attempt.destination(), this::limit).set(attempt.concurrency());
    }

    private AtomicInteger limit(String destination) {
        AtomicInteger limit = new AtomicInteger();
        Gauge.builder("drover.delivery.concurrency", limit, AtomicInteger::get)
                .description("How many attempts a destination gets at the same time; 0 for no limit")
                .tags("destination", destination)
                .register(registry);
        return limit;
    }

    /** Adds the metrics of a pipeline. */
    void begin(Observed of) {
        count(of, "drover.pages", "Pages read with at least one row", Tally::pages);
        count(of, "drover.records.read", "Records read", Tally::rows);
        count(of, "drover.records.delivered", "Records that a destination accepted", Tally::delivered);
        count(
                of,
                "drover.records.filtered",
                "Records that a step filtered out: settled without being sent",
                Tally::filtered);
        count(of, "drover.records.dead.lettered", "Records set aside", Tally::deadLetters);
        count(
                of,
                "drover.records.abandoned",
                "Records read that another process reads again: the most that can arrive twice",
                Tally::abandoned);
        count(of, "drover.batches.records", "Records in closed batches", Tally::batched);
        for (Close why : Close.values()) {
            FunctionCounter.builder("drover.batches", of, count(tally -> tally.batches(why)))
                    .description("Batches closed, by the limit that closed them")
                    .tags(tags(of).and("reason", why.name().toLowerCase(Locale.ROOT)))
                    .register(registry);
        }
        FunctionTimer.builder(
                        "drover.source",
                        of,
                        each -> tally(each, Tally::sourceAnswers),
                        each -> tally(each, Tally::sourceNanos),
                        TimeUnit.NANOSECONDS)
                .description("Waiting time for pages of the source")
                .tags(tags(of))
                .register(registry);
        gauges(of);
    }

    private void gauges(Observed of) {
        gauge(
                of,
                "drover.window",
                "records",
                "Records read and not yet passed by the checkpoint",
                pipeline -> pipeline.ledger().window());
        gauge(of, "drover.parked", "records", "Records parked now", pipeline -> pipeline.tally()
                .parked());
        gauge(of, "drover.window.limit", "records", "The largest window", pipeline -> pipeline.config()
                .maxInFlight());
        gauge(of, "drover.batches.in.flight", null, "Closed batches that have not ended", pipeline -> pipeline.ledger()
                .deliveries()
                .size());
        gauge(
                of,
                "drover.checkpoint.age",
                "seconds",
                "Seconds since the checkpoint was last written in this run",
                pipeline -> seconds(pipeline.ledger().writing().lastAge()));
        gauge(
                of,
                "drover.unsettled.age",
                "seconds",
                "Age of the oldest page that the checkpoint has not passed",
                pipeline -> seconds(pipeline.ledger().oldestAge()));
        gauge(
                of,
                "drover.reading.wait",
                "seconds",
                "Seconds for which open transactions have kept rows from being read",
                pipeline -> seconds(pipeline.reading().waited()));
        gauge(
                of,
                "drover.lag",
                "seconds",
                "Seconds since the pipeline was last fully caught up",
                pipeline -> seconds(of.behind()));
        gauge(
                of,
                "drover.lag.rows",
                null,
                "Rows after the checkpoint, counted periodically, at most 10000",
                pipeline -> of.rowsAhead());
        Gauge.builder("drover.ready", of, each -> each.readiness().ready() ? 1 : 0)
                .description("Whether the pipeline delivers or has nothing to deliver, 1 or 0")
                .tags(tags(of))
                .register(registry);
        Stream.concat(PipelineStatus.STATES.stream(), Stream.of(Observed.STANDBY))
                .forEach(state -> Gauge.builder(
                                "drover.pipeline.state",
                                of,
                                each -> each.state().equals(state) ? 1 : 0)
                        .description("State of the pipeline, 1 for the current state and 0 for the others")
                        .tags(tags(of).and("state", state))
                        .register(registry));
    }

    /** Removes the metrics of a pipeline, except those of its attempts. */
    void end(Observed gone) {
        registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("drover.") && gone.name().equals(id.getTag("pipeline")))
                .filter(id -> id.getTag("destination") == null)
                .forEach(registry::remove);
    }

    private void count(Observed of, String name, String description, ToLongFunction<Tally> value) {
        FunctionCounter.builder(name, of, count(value))
                .description(description)
                .tags(tags(of))
                .register(registry);
    }

    private static ToDoubleFunction<Observed> count(ToLongFunction<Tally> value) {
        return of -> tally(of, value);
    }

    private static long tally(Observed of, ToLongFunction<Tally> value) {
        Pipeline pipeline = of.pipeline();
        return pipeline == null ? 0 : value.applyAsLong(pipeline.tally());
    }

    private void gauge(
            Observed of, String name, @Nullable String unit, String description, ToDoubleFunction<Pipeline> value) {
        Gauge.builder(name, of, each -> {
                    Pipeline pipeline = each.pipeline();
                    return pipeline == null ? Double.NaN : value.applyAsDouble(pipeline);
                })
                .description(description)
                .baseUnit(unit)
                .tags(tags(of))
                .register(registry);
    }

    private static Tags tags(Observed of) {
        return Tags.of("pipeline", of.name());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
