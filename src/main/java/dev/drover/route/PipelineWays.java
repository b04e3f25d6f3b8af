package dev.drover.route;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/** Finds the routes that the records and batches of each pipeline pass, except error clauses. */
public final class PipelineWays {

    private PipelineWays() {}

    /** The ids of the routes of each pipeline, by the id of its first route. */
    public static Map<String, Set<String>> of(CamelContext context) {
        Map<String, Set<String>> ways = new TreeMap<>();
        for (RouteDefinition route : RouteSteps.routes(context)) {
            if (RouteShape.isPipeline(context, route) || ForwarderShape.isForwarder(context, route)) {
                Set<String> way = new TreeSet<>();
                way.add(route.getRouteId());
                RouteSteps.ofAll(context, route)
                        .forEach(step -> way.add(step.route().getRouteId()));
                ways.put(route.getRouteId(), way);
            }
        }
        return ways;
    }
}
