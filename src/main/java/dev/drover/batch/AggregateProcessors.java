package dev.drover.batch;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.processor.aggregate.AggregateController;
import org.apache.camel.processor.aggregate.AggregateProcessor;

/**
 * The running aggregates that name this object as their controller, one for each route. As a controller it acts on all of
 * them; each pipeline flushes only its own. Thread-safe.
 */
abstract class AggregateProcessors implements AggregateController {

    private final Map<String, Running> byRoute = new ConcurrentHashMap<>();

    record Running(AggregateProcessor processor, Lanes lanes, OpenBatches open, Runnable flusher) {}

    @Override
    public void onStart(AggregateProcessor processor) {
        byRoute.put(
                processor.getRouteId(),
                new Running(processor, new Lanes(), new OpenBatches(), processor::forceCompletionOfAllGroups));
    }

    @Override
    public void onStop(AggregateProcessor processor) {
        byRoute.computeIfPresent(
                processor.getRouteId(), (route, running) -> running.processor == processor ? null : running);
    }

    /** The aggregate of the route of this exchange. */
    final Running running(Exchange exchange) {
        Running running = byRoute.get(exchange.getFromRouteId());
        if (running == null) {
            throw new IllegalStateException("the aggregate of route " + exchange.getFromRouteId()
                    + " must name the same bean as its aggregationStrategy and as its aggregateController");
        }
        return running;
    }

    /** Closes the batches whose collection began at least {@code age} ago. */
    final void closeOlderThan(Duration age) {
        byRoute.values()
                .forEach(running -> running.open.olderThan(age).forEach(running.processor::forceCompletionOfGroup));
    }

    @Override
    public int forceCompletionOfGroup(String key) {
        return byRoute.values().stream()
                .mapToInt(running -> running.processor.forceCompletionOfGroup(key))
                .sum();
    }

    @Override
    public int forceCompletionOfAllGroups() {
        return byRoute.values().stream()
                .mapToInt(running -> running.processor.forceCompletionOfAllGroups())
                .sum();
    }

    /** Refused: discarding would lose the records of the group. */
    @Override
    public int forceDiscardingOfGroup(String key) {
        throw new IllegalStateException("a batch is never discarded: its records would be lost");
    }

    /** Refused: discarding would lose the records of all groups. */
    @Override
    public int forceDiscardingOfAllGroups() {
        throw new IllegalStateException("batches are never discarded: their records would be lost");
    }
}
