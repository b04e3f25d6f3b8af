package dev.drover.delivery;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Has {@code toD}, {@code wireTap} and {@code enrich} send to the address that they name. Camel sends to host and port
 * only and puts path and query into headers, which our HTTP endpoints do not obey, since a record may carry headers. Every
 * Camel context finds it by itself.
 */
public final class WholeAddresses implements ContextServicePlugin {

    private static final String OPTIMISED = "false";

    @Override
    public void load(CamelContext context) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextInitializing(CamelContext initializing) {
                begin(initializing.getCamelContextExtension().getContextPlugin(Model.class));
            }
        });
    }

    /** Not before: a context that is being constructed has no model yet. */
    private static void begin(Model model) {
        model.getRouteDefinitions().forEach(route -> added(model, route));
        model.addModelLifecycleStrategy(new ModelLifecycleStrategySupport() {
            @Override
            public void onAddRouteDefinition(RouteDefinition route) {
                added(model, route);
            }
        });
    }

    private static void added(Model model, RouteDefinition route) {
        whole(route.getOutputs());
        model.getRouteConfigurationDefinitions()
                .forEach(clauses -> clauses.getOnExceptions().forEach(clause -> whole(clause.getOutputs())));
    }

    private static void whole(List<ProcessorDefinition<?>> steps) {
        ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDynamicDefinition.class)
                .forEach(step -> step.setAllowOptimisedComponents(OPTIMISED));
        ProcessorDefinitionHelper.filterTypeInOutputs(steps, EnrichDefinition.class)
                .forEach(step -> step.setAllowOptimisedComponents(OPTIMISED));
    }
}
