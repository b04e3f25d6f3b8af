package dev.drover.delivery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** Observes every attempt at a destination of its Camel context. Called by many threads. */
@FunctionalInterface
public interface AttemptListener {

    /** Called before an attempt. The returned consumer receives its end, unless nothing was sent. */
    Consumer<Attempted> begin(Exchange exchange, String destination);

    /** Registers this listener for every attempt of the context from now on. */
    static void add(CamelContext context, AttemptListener listener) {
        Listeners known = context.getCamelContextExtension().getContextPlugin(Listeners.class);
        if (known == null) {
            known = new Listeners(new CopyOnWriteArrayList<>());
            context.getCamelContextExtension().addContextPlugin(Listeners.class, known);
        }
        known.all().add(listener);
    }

    /**
     * The listeners of a context.
     *
     * @param all the listeners, which may change at any time
     */
    record Listeners(List<AttemptListener> all) {

        private static final Listeners NONE = new Listeners(List.of());

        static Listeners of(CamelContext context) {
            Listeners known = context.getCamelContextExtension().getContextPlugin(Listeners.class);
            return known == null ? NONE : known;
        }
    }
}
