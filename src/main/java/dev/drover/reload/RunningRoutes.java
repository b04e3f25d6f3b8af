package dev.drover.reload;

import dev.drover.folder.Definition;
import dev.drover.folder.Definition.Kind;
import dev.drover.folder.Definitions;
import dev.drover.pages.PagesConsumer;
import dev.drover.route.KameletCalls;
import dev.drover.route.RouteSteps;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RouteStartupOrder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Adds and removes routes, route configurations and beans of a running context. */
final class RunningRoutes {

    private final CamelContext context;
    private final Model model;

    RunningRoutes(CamelContext context) {
        this.context = context;
        this.model = RouteSteps.model(context);
    }

    /** Whether the route exists, running or not. */
    boolean has(String id) {
        return model.getRouteDefinition(id) != null;
    }

    /** These routes and the routes that Camel created from their Kamelets. */
    Set<String> withKamelets(Set<String> ids) {
        Set<String> all = new TreeSet<>(ids);
        model.getRouteDefinitions().stream()
                .filter(route ->
                        KameletCalls.pipelineOf(route).filter(ids::contains).isPresent())
                .map(RouteDefinition::getRouteId)
                .forEach(all::add);
        return all;
    }

    /** The consumers of these routes that read pages. */
    List<PagesConsumer> readers(Set<String> ids) {
        return ids.stream()
                .map(context::getRoute)
                .map(Route::getConsumer)
                .filter(PagesConsumer.class::isInstance)
                .map(PagesConsumer.class::cast)
                .toList();
    }

    /**
     * Stops routes in the way of a process shutdown. It stops all of them together, because a pending redelivery runs in the
     * delivery route and ends only when that route stops.
     */
    void stop(Set<String> ids) throws Exception {
        List<RouteStartupOrder> routes = context.getCamelContextExtension().getRouteStartupOrder().stream()
                .filter(order -> ids.contains(order.getRoute().getId()))
                .toList();
        context.getShutdownStrategy().shutdown(context, routes);
    }

    /** Removes a route and its definition, if they exist. */
    void remove(String id) throws Exception {
        if (context.getRoute(id) != null) {
            context.getRouteController().stopRoute(id);
            context.removeRoute(id);
        }
        RouteDefinition left = model.getRouteDefinition(id); // the definition of a route that could not be created
        if (left != null) {
            model.removeRouteDefinition(left);
        }
    }

    void removeConfigurations(Set<String> ids) throws Exception {
        for (String id : ids) {
            RouteConfigurationDefinition configuration = model.getRouteConfigurationDefinition(id);
            if (configuration != null) {
                model.removeRouteConfiguration(configuration);
            }
        }
    }

    /**
     * Loads and starts routes: first beans and configurations, then other routes, last the routes that read.
     *
     * @param routes the ids of the routes to load
     * @param beans the names of the beans to load
     * @param configurations whether to load all route configurations
     */
    void load(Definitions definitions, Set<String> routes, Set<String> beans, boolean configurations) throws Exception {
        load(
                definitions,
                definition -> (configurations && definition.kind() == Kind.CONFIGURATION)
                        || (definition.kind() == Kind.BEAN && beans.contains(definition.name())));
        Predicate<Definition> wanted =
                definition -> definition.kind() == Kind.ROUTE && routes.contains(definition.name());
        load(definitions, wanted.and(definition -> !definition.isPipeline()));
        load(definitions, wanted.and(Definition::isPipeline));
    }

    private void load(Definitions definitions, Predicate<Definition> chosen) throws Exception {
        for (Map.Entry<String, String> file : definitions.text(chosen).entrySet()) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString("file:" + file.getKey(), file.getValue()));
        }
    }

    /** Removes unused beans and closes them if they can be closed. */
    void unbind(Set<String> names) throws Exception {
        for (String name : names) {
            Object bean = context.getRegistry().lookupByName(name);
            context.getRegistry().unbind(name);
            if (bean instanceof AutoCloseable open) {
                open.close();
            }
        }
    }
}
