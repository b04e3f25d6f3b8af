package dev.drover.pages;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.OpenPage;
import dev.drover.route.RouteShape;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;

/**
 * A step before the split of a page. If the page is read for one row, it removes all others, so that whatever a read step
 * returns, no other row is sent again. Thread-safe.
 */
final class OnlyRow implements Processor {

    /** The exchange property with the {@link Sought} row. */
    static final String PROPERTY = "droverSought";

    /**
     * The row that a page is read for.
     *
     * @param key the key, as it was read before
     * @param found receives the key as it is read now
     */
    record Sought(Cursor key, Consumer<Cursor> found) {

        /** Compares the texts, so that the key is still the same after its column became a longer number or text. */
        boolean is(Cursor other) {
            return key.texts().equals(other.texts());
        }
    }

    private OnlyRow() {}

    /** Adds the step to the pipelines of a context, before their routes are built. */
    static void putBeforeSplits(CamelContext context) {
        RouteShape.pipelines(context).forEach(OnlyRow::put); // the table form and the short form read by key
    }

    private static void put(RouteDefinition route) {
        List<ProcessorDefinition<?>> steps = route.getOutputs();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof SplitDefinition) {
                ProcessDefinition step = new ProcessDefinition(new OnlyRow());
                step.setParent(route);
                steps.add(i, step);
                return;
            }
        }
    }

    /** Whether the route has the step. It has none if its split is inside another step. */
    static boolean isIn(RouteDefinition route) {
        return route.getOutputs().stream()
                .anyMatch(step -> step instanceof ProcessDefinition own && own.getProcessor() instanceof OnlyRow);
    }

    @Override
    public void process(Exchange exchange) {
        Sought sought = exchange.getProperty(PROPERTY, Sought.class);
        if (sought == null) {
            return;
        }
        if (!(exchange.getMessage().getBody() instanceof List<?> rows)) {
            throw new IllegalStateException("a page must be a list of rows");
        }
        OpenPage page = exchange.getProperty(OpenPage.PROPERTY, OpenPage.class);
        List<?> found =
                rows.stream().filter(row -> sought.is(page.keyOf(row))).limit(1).toList();
        found.forEach(row -> sought.found().accept(page.keyOf(row)));
        exchange.getMessage().setBody(found);
    }
}
