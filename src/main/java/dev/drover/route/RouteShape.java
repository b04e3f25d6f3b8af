package dev.drover.route;

import dev.drover.ledger.SeesEnds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Checks the steps of a pipeline, mainly for mistakes that hide the end of a record from its page. It reads only the
 * definitions, so the context need not be started.
 */
public final class RouteShape {

    private final CamelContext context;
    private final RouteDefinition route;
    private final List<SplitDefinition> splits;

    private RouteShape(CamelContext context, RouteDefinition route) {
        this.context = context;
        this.route = route;
        this.splits = ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SplitDefinition.class).stream()
                .filter(split -> isPageStrategy(context, split.getAggregationStrategy())
                        && isPageStrategy(context, split.getOnPrepare()))
                .toList();
    }

    /** Checks the steps of a pipeline in a context that has loaded its routes. */
    public static List<Finding> findings(CamelContext context, RouteDefinition route) {
        RouteShape shape = new RouteShape(context, route);
        List<Finding> findings = shape.unseenEnds();
        shape.split().ifPresent(split -> findings.addAll(shape.losses(split)));
        return findings;
    }

    /** The split of the page into records; empty if there is none. */
    public static Optional<SplitDefinition> split(CamelContext context, RouteDefinition route) {
        return new RouteShape(context, route).split();
    }

    private Optional<SplitDefinition> split() {
        return splits.stream().findFirst();
    }

    /**
     * Checks the route of one pipeline at its start for mistakes that could not be noticed later. A mistake that can,
     * such as a batch that no step settles, halts the pipeline when it happens.
     *
     * @throws IllegalArgumentException with the first finding
     */
    public static void check(CamelContext context, String routeId) {
        new RouteShape(context, RouteSteps.route(context, routeId))
                .unseenEnds().stream().findFirst().ifPresent(finding -> {
                    throw new IllegalArgumentException(finding.toString());
                });
    }

    /** Why the records of a pipeline travel one by one; empty if they travel in slices. */
    public static Optional<String> single(CamelContext context, String routeId) {
        return single(context, RouteSteps.route(context, routeId));
    }

    /** Why the records of a pipeline in the long form travel one by one; empty if they travel in slices. */
    public static Optional<String> single(CamelContext context, RouteDefinition route) {
        RouteShape shape = new RouteShape(context, route);
        return shape.split().flatMap(split -> new RecordPath(context, shape.route, split).single());
    }

    /** The pipelines of a context that has loaded its routes, in the long form and in the order of their files. */
    public static List<RouteDefinition> pipelines(CamelContext context) {
        return RouteSteps.routes(context).stream()
                .filter(route -> isPipeline(context, route))
                .toList();
    }

    /** The ids of the routes that records and batches pass, except error clauses, by the id of the first of them. */
    public static Map<String, Set<String>> ways(CamelContext context) {
        Map<String, Set<String>> ways = new TreeMap<>();
        for (RouteDefinition route : RouteSteps.routes(context)) {
            if (isPipeline(context, route) || ForwarderShape.isForwarder(context, route)) {
                Set<String> way = new TreeSet<>(Set.of(route.getRouteId()));
                RouteSteps.ofAll(context, route)
                        .forEach(step -> way.add(step.route().getRouteId()));
                ways.put(route.getRouteId(), way);
            }
        }
        return ways;
    }

    static boolean isPipeline(CamelContext context, RouteDefinition route) {
        return Role.READER.beginsAt(RouteSteps.from(context, route));
    }

    private List<Finding> unseenEnds() {
        List<Finding> findings = new ArrayList<>(sameName());
        if (splits.size() != 1) {
            String message = "needs one split with onPrepare: \"#page\" and aggregationStrategy: \"#page\", it has "
                    + splits.size();
            findings.add(RoutePlace.of(route).finding("split", message));
            return findings;
        }
        SplitDefinition split = splits.get(0);
        if (Boolean.parseBoolean(RoutePlace.resolved(context, String.valueOf(split.getStopOnException())))) {
            String message = "true would leave the rest of a page unseen; remove it";
            findings.add(new RoutePlace(route, split).finding("stopOnException", message));
        }
        findings.addAll(new RecordPath(context, route, split).findings());
        findings.addAll(new OneDestination(context, route, split).findings());
        return findings;
    }

    /** Finds pipelines of the same name, which would overwrite each other's checkpoint. */
    private List<Finding> sameName() {
        String name = RouteSteps.from(context, route);
        if (route.getRouteId() == null) {
            return List.of(); // it has no name
        }
        return RouteSteps.written(context)
                .filter(other -> other != route
                        && (other.getRouteId() == null || !other.getRouteId().equals(route.getRouteId())))
                .filter(other -> RouteSteps.begin(context, other).equals(name))
                .map(other -> RoutePlace.of(route)
                        .finding(
                                "name",
                                "is also that of route " + other.getRouteId()
                                        + "; each pipeline needs a checkpoint name of its own"))
                .toList();
    }

    private List<Finding> losses(SplitDefinition split) {
        return Stream.of(
                        ErrorClauses.findings(context, route, route),
                        new BatchPath(context, route, split).findings(),
                        new Expressions(context, route).findings())
                .flatMap(List::stream)
                .toList();
    }

    public static boolean isPageStrategy(CamelContext context, @Nullable String reference) {
        if (reference == null) {
            return false;
        }
        String name = reference.startsWith("#") ? reference.substring(1) : reference;
        if (!name.startsWith("class:")) {
            return context.getRegistry().lookupByName(name) instanceof SeesEnds;
        }
        Class<?> type = context.getClassResolver().resolveClass(name.substring("class:".length()));
        return type != null && SeesEnds.class.isAssignableFrom(type);
    }
}
