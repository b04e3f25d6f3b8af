package dev.drover.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.ResequenceDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.SimpleExpression;

/**
 * Finds steps between the split of the page and the batch that hide the end of a record, or hand the record to another
 * thread and end its exchange. The steps after the batch need no check, because the end of a batch is always seen.
 */
final class RecordPath {

    private static final Set<String> QUEUES = Set.of("seda", "disruptor", "disruptor-vm");
    private static final String SLIP =
            "may send a record to several addresses, past the gate and unseen; use toD for an"
                    + " address with a column in it, or a choice";
    private static final Map<Class<?>, String> HIDES = Map.of(
            SplitDefinition.class,
            "a split inside the split of the page hides the end of a record",
            MulticastDefinition.class,
            "a multicast inside the split hides the end of a record; give each destination a pipeline of its" + " own",
            RecipientListDefinition.class,
            "a recipientList inside the split hides the end of a record; use a choice, or a pipeline for each",
            RoutingSlipDefinition.class,
            SLIP,
            DynamicRouterDefinition.class,
            SLIP,
            ResequenceDefinition.class,
            "a resequence keeps the record and lets its exchange end; sort in the SQL");

    private final CamelContext context;
    private final RouteDefinition route;
    private final ProcessorDefinition<?> parent;
    private final List<RouteSteps.Step> steps;
    private final List<AggregateDefinition> aggregates;
    private final List<Finding> findings = new ArrayList<>();

    /** @param parent the parent of the steps of a record: the split of the page, or the route of a topic */
    RecordPath(CamelContext context, RouteDefinition route, ProcessorDefinition<?> parent) {
        this.context = context;
        this.route = route;
        this.parent = parent;
        this.steps = RouteSteps.ofRecord(context, route, parent);
        this.aggregates = List.copyOf(
                ProcessorDefinitionHelper.filterTypeInOutputs(parent.getOutputs(), AggregateDefinition.class));
    }

    List<Finding> findings() {
        for (RouteSteps.Step step : steps) {
            ProcessorDefinition<?> node = step.node();
            BatchPath.brokenLink(context, route, step).ifPresent(findings::add);
            String hides = HIDES.get(node.getClass());
            if (hides != null) {
                add(node, node.getShortName(), hides);
            } else if (node instanceof WireTapDefinition<?>) {
                checkWireTap(node);
            } else if (node instanceof AggregateDefinition && step.route() != route) {
                add(node, "aggregate", "must stand in the route of the pipeline, not in one it calls");
            } else if (QUEUES.contains(step.scheme())) {
                String why = " hands the record over in memory: its end would be seen before it is settled; use direct";
                add(node, "uri", step.scheme() + why);
            }
        }
        if (steps.stream().noneMatch(this::leadsOn)) {
            add(
                    parent,
                    "steps",
                    "no step collects or sends the records, so each would pass as if it were filtered out; add"
                            + " an aggregate, or to: {uri: kamelet:drover-http-sink}");
        }
        aggregates.stream().limit(1).forEach(this::checkOptions);
        aggregates.stream()
                .skip(1)
                .forEach(second -> add(
                        second,
                        "aggregate",
                        "only one aggregate may stand between the split and the batch; remove this one"));
        return findings;
    }

    /**
     * Why each record needs a separate exchange; empty if it does not. If only the aggregate stands between the split
     * and the batch, and all records join the same batch, then no step sees single records, and they can travel
     * together.
     */
    Optional<String> single() {
        return steps.stream()
                .filter(step -> !(step.node() instanceof AggregateDefinition))
                .findFirst()
                .map(step -> new RoutePlace(route, step.node()).stepAndLine() + " takes each")
                .or(() -> aggregates.stream().flatMap(this::divides).findFirst())
                .or(this::splitOption)
                .or(this::intercepts);
    }

    private Stream<String> divides(AggregateDefinition aggregate) {
        String place = new RoutePlace(route, aggregate).stepAndLine();
        if (!isConstant(aggregate.getCorrelationExpression().getExpressionType())) {
            return Stream.of(place + " finds the batch of each by its correlationExpression");
        }
        boolean asks = aggregate.getCompletionPredicate() != null
                || aggregate.getCompletionSizeExpression() != null
                || isTrue(aggregate.getEagerCheckCompletion());
        return asks ? Stream.of(place + " asks with each whether the batch is complete") : Stream.empty();
    }

    private boolean isConstant(ExpressionDefinition expression) {
        String text = RoutePlace.resolved(context, String.valueOf(expression.getExpression()));
        return expression instanceof ConstantExpression
                || (expression instanceof SimpleExpression && !text.contains("$") && !text.contains("{{"));
    }

    private Optional<String> splitOption() {
        if (!(parent instanceof SplitDefinition split)) {
            return Optional.empty();
        }
        String why = null;
        if (!"${body}"
                .equals(String.valueOf(split.getExpression().getExpression()).trim())) {
            why = "has an expression of its own";
        } else if (!isTrue(split.getStreaming())) {
            why = "is without streaming: true";
        } else if (isTrue(split.getParallelProcessing()) || isTrue(split.getShareUnitOfWork())) {
            why = "has parallelProcessing or shareUnitOfWork";
        }
        return Optional.ofNullable(why).map(text -> new RoutePlace(route, split).stepAndLine() + " " + text);
    }

    private Optional<String> intercepts() {
        boolean intercepts = RouteSteps.model(context).getRouteConfigurationDefinitions().stream()
                .anyMatch(configuration -> !configuration.getIntercepts().isEmpty());
        return intercepts ? Optional.of("a routeConfiguration intercepts steps") : Optional.empty();
    }

    /** Whether the step may send the record somewhere. */
    private boolean leadsOn(RouteSteps.Step step) {
        ProcessorDefinition<?> node = step.node();
        return !step.uri().isEmpty()
                || node instanceof AggregateDefinition
                || node instanceof BeanDefinition
                || BatchPath.mayLeadAnywhere(context, node);
    }

    private void checkWireTap(ProcessorDefinition<?> tap) {
        if (aggregates.isEmpty()) {
            add(
                    tap,
                    "wireTap",
                    "a wireTap does not wait for what it sends; send with a to, or collect with an aggregate");
        }
    }

    private void checkOptions(AggregateDefinition aggregate) {
        if (!isBatchStrategy(context, aggregate)) {
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
        Map<String, String> leavesOut = new LinkedHashMap<>();
        leavesOut.put("ignoreInvalidCorrelationKeys", aggregate.getIgnoreInvalidCorrelationKeys());
        leavesOut.put("closeCorrelationKeyOnCompletion", aggregate.getCloseCorrelationKeyOnCompletion());
        leavesOut.put("discardOnCompletionTimeout", aggregate.getDiscardOnCompletionTimeout());
        leavesOut.put("discardOnAggregationFailure", aggregate.getDiscardOnAggregationFailure());
        leavesOut.forEach((option, value) -> {
            if (value != null && !"false".equals(RoutePlace.resolved(context, value))) {
                add(aggregate, option, "is not allowed, it leaves records out of every batch; remove it");
            }
        });
        if (!isTrue(aggregate.getForceCompletionOnStop())) {
            add(
                    aggregate,
                    "forceCompletionOnStop",
                    "needs forceCompletionOnStop: true, or a stop leaves an incomplete batch behind");
        }
    }

    /** Whether the step is an aggregate with the batch strategy. */
    static boolean isBatchStrategy(CamelContext context, ProcessorDefinition<?> node) {
        return node instanceof AggregateDefinition aggregate
                && aggregate.getAggregationStrategy() != null
                && aggregate.getAggregationStrategy().equals(aggregate.getAggregateController())
                && !RouteShape.isPageStrategy(context, aggregate.getAggregationStrategy());
    }

    private boolean isTrue(String option) {
        return Boolean.parseBoolean(RoutePlace.resolved(context, String.valueOf(option)));
    }

    private void add(ProcessorDefinition<?> node, String key, String message) {
        findings.add(new RoutePlace(route, node).finding(key, message));
    }
}
