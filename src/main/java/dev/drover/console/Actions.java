package dev.drover.console;

import static dev.drover.pages.Pipeline.State.PAUSED;
import static dev.drover.pages.Pipeline.State.RUNNING;

import dev.drover.pages.PagesComponent;
import dev.drover.pages.PagesConsumer;
import dev.drover.pages.Pipeline;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.SuspendableService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the page may do to a pipeline. The consumer of the pipeline itself is paused or suspended, never its route:
 * that would end the retries of its error clauses for good. Thread-safe.
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
     * Reads no more until it is resumed; what was read goes on to its destinations.
     *
     * @return whether there is such a pipeline and it was reading
     */
    boolean pause(String name) {
        boolean done = consumer(name)
                .filter(found ->
                        found instanceof PagesConsumer reader ? reader.pause() : changed(name, RUNNING, PAUSED))
                .isPresent();
        return told(name, "paused", done);
    }

    /**
     * Stops as the program does at its end: nothing more is read, what is collected is sent, what is under way ends, and
     * the checkpoint is written. What a destination does not accept is read again when it is resumed.
     *
     * @return whether there is such a pipeline and it was not stopped
     */
    boolean stop(String name) {
        Optional<SuspendableService> consumer = consumer(name).filter(found -> isAtWork(name));
        consumer.ifPresent(SuspendableService::suspend);
        return told(name, "stopped", consumer.isPresent());
    }

    /**
     * Goes on after a pause or a stop.
     *
     * @return whether there is such a pipeline and it was paused or stopped
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
        return told(name, "resumed", done);
    }

    private boolean isAtWork(String name) {
        return pipeline(name)
                .map(Pipeline::state)
                .filter(state -> state == RUNNING || state == PAUSED)
                .isPresent();
    }

    /** What reads another component's records looks at the state itself. */
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

    private static boolean told(String name, String what, boolean done) {
        if (done) {
            LOG.info("{}: {} by hand", name, what);
        }
        return done;
    }
}
