package dev.drover.console;

import dev.drover.pages.PagesComponent;
import dev.drover.pages.PagesConsumer;
import dev.drover.pages.Pipeline;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
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
        boolean done = consumer(name).map(PagesConsumer::pause).orElse(false);
        return told(name, "paused", done);
    }

    /**
     * Stops as the program does at its end: nothing more is read, what is collected is sent, what is under way ends, and
     * the checkpoint is written. What a destination does not accept is read again when it is resumed.
     *
     * @return whether there is such a pipeline and it was not stopped
     */
    boolean stop(String name) {
        Optional<PagesConsumer> consumer = consumer(name).filter(found -> isAtWork(name));
        consumer.ifPresent(PagesConsumer::suspend);
        return told(name, "stopped", consumer.isPresent());
    }

    /**
     * Goes on after a pause or a stop.
     *
     * @return whether there is such a pipeline and it was paused or stopped
     */
    boolean resume(String name) {
        Optional<PagesConsumer> consumer = consumer(name);
        boolean done = consumer.map(PagesConsumer::proceed).orElse(false);
        if (!done && consumer.isPresent() && consumer.get().isSuspended()) {
            consumer.get().resume();
            done = true;
        }
        return told(name, "resumed", done);
    }

    private boolean isAtWork(String name) {
        return pipeline(name)
                .map(Pipeline::state)
                .filter(state -> state == Pipeline.State.RUNNING || state == Pipeline.State.PAUSED)
                .isPresent();
    }

    private Optional<PagesConsumer> consumer(String name) {
        return pipeline(name)
                .map(Pipeline::routeId)
                .map(context::getRoute)
                .map(Route::getConsumer)
                .filter(PagesConsumer.class::isInstance)
                .map(PagesConsumer.class::cast);
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
