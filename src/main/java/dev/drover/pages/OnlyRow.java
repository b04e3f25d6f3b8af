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
 * The step before the split of a page that lets only the row through which is sought, when one is: whatever a read step
 * returns, no other row is sent again. Without state.
 */
final class OnlyRow implements Processor {

    /** The exchange property with the {@link Sought} row. */
    static final String PROPERTY = "droverSought";

    /**
     * A row that a page is read for.
     *
     * @param key its key, as it was read before
     * @param found told its key as it is read now
     */
    record Sought(Cursor key, Consumer<Cursor> found) {

        /** By the texts, so that a column which became a longer number, or a wider text, still has the same key. */
        boolean is(Cursor other) {
            return key.texts().equals(other.texts());
        }
    }

    private OnlyRow() {}

    /** Puts it into the pipelines of a context, before their routes are built. */
    static void putBeforeSplits(CamelContext context) {
        RouteShape.pipelines(context).forEach(OnlyRow::put); // the table form, and so the short one, reads by key
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

    /** Whether the split is a step of the route itself, so that it could be put there. */
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
