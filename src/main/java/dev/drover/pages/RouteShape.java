package dev.drover.pages;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;

/**
 * Refuses a route in which a record could end unseen: the ends that the page counts would then be worth nothing.
 * Looks at the route's own steps between the split of the page and the batch.
 */
final class RouteShape {

    private final CamelContext context;
    private final RouteDefinition route;

    private RouteShape(CamelContext context, RouteDefinition route) {
        this.context = context;
        this.route = route;
    }

    /**
     * Checks the route of a pipeline.
     *
     * @throws IllegalArgumentException naming the route, the node, what is wrong and what is allowed
     */
    static void check(CamelContext context, String routeId) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        RouteShape shape = new RouteShape(context, model.getRouteDefinition(routeId));
        shape.check();
        model.getRouteDefinitions().forEach(shape::checkName);
    }

    /** Before any of them reads: two pipelines of one name would overwrite each other's checkpoint. */
    private void checkName(RouteDefinition other) {
        if (other != route && input(other).equals(input(route))) {
            throw refused(
                    route,
                    input(route) + " is also read by route " + other.getRouteId()
                            + "; each pipeline needs a checkpoint name of its own");
        }
    }

    private String input(RouteDefinition of) {
        String uri = of.getInput() == null ? "" : of.getInput().getEndpointUri();
        return context.resolvePropertyPlaceholders(uri)
                .replaceFirst("\\?.*", "")
                .replace("://", ":");
    }

    private void check() {
        List<SplitDefinition> splits = all(route, SplitDefinition.class).stream()
                .filter(split -> isPageStrategy(split.getAggregationStrategy()) && isPageStrategy(split.getOnPrepare()))
                .toList();
        if (splits.size() != 1) {
            throw refused(
                    route,
                    "needs one split with onPrepare: \"#page\" and aggregationStrategy: \"#page\", it has "
                            + splits.size());
        }
        SplitDefinition split = splits.get(0);
        if (Boolean.parseBoolean(split.getStopOnException())) {
            throw refused(split, "stopOnException would leave the rest of a page unseen; remove it");
        }
        refuseIn(split, SplitDefinition.class, "a split inside the split of the page hides the end of a record");
        refuseIn(split, MulticastDefinition.class, "a multicast inside the split hides the end of a record");
        all(split, RecipientListDefinition.class).stream().findFirst().ifPresent(node -> {
            throw refused(node, "a recipientList inside the split hides the end of a record");
        });
        checkAggregates(all(split, AggregateDefinition.class));
        new HandOffs(context, this::refused).check(split);
    }

    private void checkAggregates(List<AggregateDefinition> aggregates) {
        if (aggregates.size() > 1) {
            throw refused(aggregates.get(1), "only one aggregate may stand between the split and the batch");
        }
        for (AggregateDefinition aggregate : aggregates) {
            if (aggregate.getAggregationStrategy() == null
                    || !aggregate.getAggregationStrategy().equals(aggregate.getAggregateController())
                    || isPageStrategy(aggregate.getAggregationStrategy())) {
                throw refused(
                        aggregate,
                        "aggregationStrategy and aggregateController must both be the batch strategy (#batch)");
            }
            if (!Boolean.parseBoolean(aggregate.getParallelProcessing()) || aggregate.getExecutorService() == null) {
                throw refused(
                        aggregate,
                        "needs parallelProcessing: true and an executorService (delivery), or its queue is unbounded");
            }
            if (!Boolean.parseBoolean(aggregate.getForceCompletionOnStop())) {
                throw refused(
                        aggregate, "needs forceCompletionOnStop: true, or a stop leaves an incomplete batch behind");
            }
        }
    }

    private <T extends ProcessorDefinition<?>> void refuseIn(SplitDefinition split, Class<T> type, String why) {
        all(split, type).stream().filter(node -> node != split).findFirst().ifPresent(node -> {
            throw refused(node, why);
        });
    }

    private static <T> List<T> all(ProcessorDefinition<?> parent, Class<T> type) {
        return new ArrayList<>(ProcessorDefinitionHelper.filterTypeInOutputs(parent.getOutputs(), type));
    }

    private boolean isPageStrategy(String reference) {
        if (reference == null) {
            return false;
        }
        String name = reference.startsWith("#") ? reference.substring(1) : reference;
        return context.getRegistry().lookupByName(name) instanceof PageStrategy
                || name.equals("class:" + PageStrategy.class.getName());
    }

    private IllegalArgumentException refused(ProcessorDefinition<?> node, String why) {
        String place = node == route ? "" : ", " + node.getShortName() + " " + node.getId();
        return new IllegalArgumentException("route " + route.getRouteId() + place + ": " + why);
    }
}
