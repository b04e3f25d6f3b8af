package dev.drover.pages;

import dev.drover.config.OptionException;
import dev.drover.route.RouteSteps;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/** The pipelines that this process owns: running ones, and stopped ones whose deliveries have not ended. Thread-safe. */
public final class Pipelines {

    /** How long batches take to end after they were given up. */
    private static final Duration GIVING_UP = Duration.ofSeconds(2);

    private final Map<String, Pipeline> running = new ConcurrentSkipListMap<>();
    private final Set<Pipeline> stopped = ConcurrentHashMap.newKeySet();

    Collection<Pipeline> all() {
        return running.values();
    }

    /**
     * Refuses a second pipeline of the same name, which would overwrite the checkpoint of the first. Call it before the
     * second takes the checkpoint, because that fences off the first.
     */
    void refuseSecond(String name, String routeId) {
        Pipeline other = running.get(name);
        if (other != null && !other.routeId().equals(routeId)) {
            throw new OptionException(
                    "name",
                    "'" + name + "' is used by the routes " + other.routeId() + " and " + routeId
                            + "; each pipeline needs a checkpoint name of its own");
        }
    }

    /** Adds a pipeline that runs. It replaces an earlier one of the same name. */
    public void add(CamelContext context, Pipeline pipeline) {
        pipeline.looksAt(context, RouteSteps.route(context, pipeline.routeId()));
        running.put(pipeline.name(), pipeline);
    }

    /** Removes a pipeline, unless another one has replaced it. */
    public void remove(Pipeline pipeline) {
        running.remove(pipeline.name(), pipeline);
    }

    /** Writes for the last time and gives the pipeline back, now or when its deliveries have ended. */
    void giveBack(Pipeline pipeline) {
        pipeline.ledger().writing().writeNow();
        if (pipeline.ledger().deliveries().isEmpty()) {
            pipeline.release();
        } else {
            stopped.add(pipeline);
        }
    }

    /** Gives back the stopped pipelines whose deliveries end within a few seconds. */
    public void releaseStopped() throws InterruptedException {
        for (Pipeline pipeline : List.copyOf(stopped)) {
            if (pipeline.ledger().deliveries().awaitEmpty(GIVING_UP)) {
                pipeline.release();
            }
            stopped.remove(pipeline);
        }
    }

    /**
     * Gives back an earlier pipeline of this name, so that a route which starts again need not wait for its own process.
     * Requests that are still on their way are fenced off like those of any earlier owner.
     */
    void releasePrevious(String name) {
        Stream.concat(running.values().stream(), stopped.stream())
                .filter(pipeline -> pipeline.name().equals(name))
                .forEach(Pipeline::release);
        stopped.removeIf(pipeline -> pipeline.name().equals(name));
    }
}
