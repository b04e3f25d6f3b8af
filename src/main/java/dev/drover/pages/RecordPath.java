package dev.drover.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.ResequenceDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.WireTapDefinition;

/**
 * Finds the steps between the split of the page and the batch that hide how a record ended, or hand it to another
 * thread and let its exchange end. Looks at nothing behind the batch, whose end is seen by itself.
 */
final class RecordPath {

    private static final Set<String> QUEUES = Set.of("seda", "disruptor", "disruptor-vm");
    private static final Map<Class<?>, String> HIDES = Map.of(
            SplitDefinition.class, "a split inside the split of the page hides the end of a record",
            MulticastDefinition.class, "a multicast inside the split hides the end of a record; use it after the batch",
            RecipientListDefinition.class,
                    "a recipientList inside the split hides the end of a record; use it after the batch",
            ResequenceDefinition.class, "a resequence keeps the record and lets its exchange end; sort in the SQL");

    private final CamelContext context;
    private final RouteDefinition route;
    private final List<RouteSteps.Step> steps;
    private final List<Finding> findings = new ArrayList<>();

    RecordPath(CamelContext context, RouteDefinition route, SplitDefinition split) {
        this.context = context;
        this.route = route;
        this.steps = RouteSteps.ofRecord(context, route, split);
    }

    List<Finding> findings() {
        List<RouteSteps.Step> aggregates = aggregates(steps);
        for (RouteSteps.Step step : steps) {
            String hides = HIDES.get(step.node().getClass());
            if (hides != null) {
                add(step.node(), step.node().getShortName(), hides);
            } else if (step.node() instanceof WireTapDefinition<?>) {
                checkWireTap(step, aggregates);
            } else if (QUEUES.contains(step.scheme())) {
                String why = " hands the record over in memory: its end would be seen before it is settled; use direct";
                add(step.node(), "uri", step.scheme() + why);
            }
        }
        for (RouteSteps.Step aggregate : aggregates) {
            checkAggregate(aggregate, aggregate == aggregates.get(0));
        }
        return findings;
    }

    static List<RouteSteps.Step> aggregates(List<RouteSteps.Step> steps) {
        return steps.stream()
                .filter(step -> step.node() instanceof AggregateDefinition)
                .toList();
    }

    private void checkWireTap(RouteSteps.Step step, List<RouteSteps.Step> aggregates) {
        if (aggregates.isEmpty()) {
            add(
                    step.node(),
                    "wireTap",
                    "a wireTap does not wait for what it sends; send with a to, or collect with an aggregate");
        }
    }

    private void checkAggregate(RouteSteps.Step step, boolean first) {
        AggregateDefinition aggregate = (AggregateDefinition) step.node();
        if (step.route() != route) {
            add(aggregate, "aggregate", "must stand in the route of the pipeline, not in one it calls");
        } else if (!first) {
            add(
                    aggregate,
                    "aggregate",
                    "only one aggregate may stand between the split and the batch; remove this one");
        } else {
            checkOptions(aggregate);
        }
    }

    private void checkOptions(AggregateDefinition aggregate) {
        String strategy = aggregate.getAggregationStrategy();
        if (strategy == null
                || !strategy.equals(aggregate.getAggregateController())
                || RouteShape.isPageStrategy(context, strategy)) {
            add(
                    aggregate,
                    "aggregationStrategy",
                    "aggregationStrategy and aggregateController must both be the batch strategy (#batch)");
        }
        if (!isTrue(aggregate.getParallelProcessing()) || aggregate.getExecutorService() == null) {
            add(
                    aggregate,
                    "executorService",
                    "needs parallelProcessing: true and an executorService (delivery), or its queue is unbounded");
        }
        if (!isTrue(aggregate.getForceCompletionOnStop())) {
            add(
                    aggregate,
                    "forceCompletionOnStop",
                    "needs forceCompletionOnStop: true, or a stop leaves an incomplete batch behind");
        }
    }

    private boolean isTrue(String option) {
        return Boolean.parseBoolean(RoutePlace.resolved(context, String.valueOf(option)));
    }

    private void add(ProcessorDefinition<?> node, String key, String message) {
        findings.add(new RoutePlace(route, node).finding(key, message));
    }
}
