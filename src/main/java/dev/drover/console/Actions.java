package dev.drover.console;

import static dev.drover.pages.Pipeline.State.PAUSED;
import static dev.drover.pages.Pipeline.State.RUNNING;

import dev.drover.pages.PagesComponent;
import dev.drover.pages.PagesConsumer;
import dev.drover.pages.Pipeline;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.SuspendableService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses, stops and resumes a pipeline. These methods act on the consumer of the pipeline, never on its route: suspending
 * the route would end the redeliveries of its error clauses. Thread-safe.
 */
final class Actions {

    private static final Logger LOG = LoggerFactory.getLogger(Actions.class);

    private final CamelContext context;
    private final PagesComponent pages;

    Actions(CamelContext context, PagesComponent pages) {
        this.context = context;
        this.pages = pages;
    }

    /**
     * Stops reading until the pipeline is resumed. Records that are already read are still delivered.
     *
     * @return whether the pipeline exists and was reading
     */
    boolean pause(String name) {
        boolean done = consumer(name)
                .filter(found ->
                        found instanceof PagesConsumer reader ? reader.pause() : changed(name, RUNNING, PAUSED))
                .isPresent();
        return logged(name, "paused", done);
    }

    /**
     * Drains the pipeline as a shutdown does: it stops reading, sends the collected records, waits for the requests in
     * flight and writes the checkpoint. Records that a destination does not accept are read again after the resume.
     *
     * @return whether the pipeline exists and was not stopped
     */
    boolean stop(String name) {
        Optional<SuspendableService> consumer = consumer(name).filter(found -> pipeline(name)
                .filter(pipeline -> Set.of(RUNNING, PAUSED).contains(pipeline.state()))
                .isPresent());
        consumer.ifPresent(SuspendableService::suspend);
        return logged(name, "stopped", consumer.isPresent());
    }

    /**
     * Continues after a pause or a stop.
     *
     * @return whether the pipeline exists and was paused or stopped
     */
    boolean resume(String name) {
        Optional<SuspendableService> consumer = consumer(name);
        boolean done = consumer.filter(found ->
                        found instanceof PagesConsumer reader ? reader.proceed() : changed(name, PAUSED, RUNNING))
                .isPresent();
        if (!done && consumer.isPresent() && consumer.get().isSuspended()) {
            consumer.get().resume();
            done = true;
        }
        return logged(name, "resumed", done);
    }

    /** A consumer of another component checks the state itself. */
    private boolean changed(String name, Pipeline.State from, Pipeline.State to) {
        return pipeline(name).filter(found -> found.change(from, to)).isPresent();
    }

    private Optional<SuspendableService> consumer(String name) {
        return pipeline(name)
                .map(Pipeline::routeId)
                .map(context::getRoute)
                .map(Route::getConsumer)
                .filter(SuspendableService.class::isInstance)
                .map(SuspendableService.class::cast);
    }

    private Optional<Pipeline> pipeline(String name) {
        return pages.pipelines().stream()
                .filter(pipeline -> pipeline.name().equals(name))
                .findFirst();
    }

    private static boolean logged(String name, String what, boolean done) {
        if (done) {
            LOG.info("{}: {} from the console", name, what);
        }
        return done;
    }
}
