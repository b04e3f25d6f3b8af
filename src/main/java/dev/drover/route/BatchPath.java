package dev.drover.route;

import dev.drover.config.Consistency;
import dev.drover.config.ConsistencyOption;
import dev.drover.ledger.Beans;
import dev.drover.ledger.OneRecord;
import dev.drover.ledger.Recovery;
import dev.drover.ledger.Settling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.ScriptDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.model.dataformat.CustomDataFormat;

/** Checks the path of a batch, from its aggregate to the step that settles it. */
final class BatchPath {

    /** Steps whose destination is unknown until they run. */
    private static final Set<Class<?>> LEADS_ANYWHERE = Set.of(
            DynamicRouterDefinition.class,
            RecipientListDefinition.class,
            RoutingSlipDefinition.class,
            ToDynamicDefinition.class,
            ProcessDefinition.class,
            ScriptDefinition.class);

    private static final Set<String> LEADS_ON = Set.of("bean", "class", "kamelet", "seda", "disruptor");

    private final CamelContext context;
    private final RouteDefinition route;
    private final ProcessorDefinition<?> parent;
    private final List<Finding> findings = new ArrayList<>();

    /** @param parent the parent of the steps of a record: the split of the page, or the route of a topic */
    BatchPath(CamelContext context, RouteDefinition route, ProcessorDefinition<?> parent) {
        this.context = context;
        this.route = route;
        this.parent = parent;
    }

    List<Finding> findings() {
        ProcessorDefinitionHelper.filterTypeInOutputs(parent.getOutputs(), AggregateDefinition.class).stream()
                .limit(1)
                .forEach(aggregate -> {
                    checkSize(aggregate);
                    List<RouteSteps.Step> steps = RouteSteps.ofBatch(context, route, aggregate);
                    checkDelivery(aggregate, steps);
                    steps.stream().filter(this::keeps).forEach(this::checkKeeping);
                    checkLoneRecord(aggregate, steps);
                });
        return findings;
    }

    private void checkSize(AggregateDefinition aggregate) {
        String size = RoutePlace.resolved(context, String.valueOf(aggregate.getCompletionSize()));
        if (size.matches("-[0-9]+|0+")) {
            String message = size + " is not allowed, it must be at least 1";
            findings.add(new RoutePlace(route, aggregate).finding("completionSize", message));
        }
    }

    /** Checks the format of one record. Not after another split of the batch, whose parts are unknown. */
    private void checkLoneRecord(AggregateDefinition aggregate, List<RouteSteps.Step> steps) {
        String size = RoutePlace.resolved(context, String.valueOf(aggregate.getCompletionSize()));
        if (size.equals("1") || steps.stream().anyMatch(step -> step.node() instanceof SplitDefinition)) {
            return;
        }
        steps.stream()
                .filter(this::takesOneRecord)
                .limit(1)
                .forEach(step -> findings.add(new RoutePlace(route, aggregate)
                        .finding(
                                "completionSize",
                                "must be 1, because the format of "
                                        + step.node().getId() + " takes one record; or choose another format")));
    }

    private boolean takesOneRecord(RouteSteps.Step step) {
        return step.node() instanceof MarshalDefinition marshal
                && marshal.getDataFormatType() instanceof CustomDataFormat custom
                && Beans.of(context, custom.getRef()) instanceof OneRecord;
    }

    private void checkDelivery(AggregateDefinition aggregate, List<RouteSteps.Step> steps) {
        List<Finding> broken = steps.stream()
                .flatMap(step -> brokenLink(context, route, step).stream())
                .toList();
        findings.addAll(broken);
        Optional<RouteSteps.Step> end = steps.stream()
                .filter(step -> settles(step) || leadsAnywhere(step))
                .findFirst();
        if (end.isEmpty() && broken.isEmpty()) {
            findings.add(new RoutePlace(route, aggregate)
                    .finding(
                            "steps",
                            "no step settles the batch after its delivery, so the pipeline would halt; end with"
                                    + " bean: {ref: outcome, method: settle}"));
        }
        end.filter(step -> isOutcome(step) && steps.stream().noneMatch(this::maySend))
                .ifPresent(step -> findings.add(new RoutePlace(route, step.node())
                        .finding(
                                step.node().getShortName(),
                                "settles the batch, and no step sends it: a request with GET only looks something up;"
                                        + " send it with httpMethod=POST")));
        end.filter(step -> settles(step) && step.route() != route)
                .ifPresent(step -> findings.addAll(ErrorClauses.findings(context, route, step.route())));
    }

    private void checkKeeping(RouteSteps.Step step) {
        RoutePlace place = new RoutePlace(route, step.node());
        if (step.route() == route) {
            findings.add(place.finding(
                    "ref",
                    "kept batches are sent again through the route that keeps them: put this step into a route of its"
                            + " own that begins with direct"));
        }
        if (!RouteShape.isPipeline(context, route)) {
            findings.add(place.finding(
                    "ref",
                    "records of a topic have no checkpoint in the store, so their batches cannot be kept: remove this"
                            + " step"));
        } else if (hasClaims()) {
            findings.add(place.finding(
                    "ref",
                    "claimed rows have no checkpoint that passes them, so their batches cannot be kept: remove this"
                            + " step, or choose another consistency than CLAIM"));
        }
    }

    private boolean hasClaims() {
        String uri = RoutePlace.resolved(context, route.getInput().getEndpointUri());
        return context.getEndpoint(uri) instanceof ConsistencyOption source
                && source.getConsistency() == Consistency.CLAIM;
    }

    private boolean keeps(RouteSteps.Step step) {
        return step.node() instanceof BeanDefinition bean && Beans.of(context, bean.getRef()) instanceof Recovery;
    }

    /** A step that sends to a {@code direct:} that no route reads. Each record would wait there, and then fail. */
    static Optional<Finding> brokenLink(CamelContext context, RouteDefinition route, RouteSteps.Step step) {
        if (!step.scheme().equals("direct")
                || step.uri().contains("{")
                || RouteSteps.next(context, step).isPresent()) {
            return Optional.empty();
        }
        List<String> known = RouteSteps.routes(context).stream()
                .map(other -> RouteSteps.from(context, other))
                .filter(from -> from.startsWith("direct:"))
                .toList();
        return Optional.of(new RoutePlace(route, step.node())
                .finding("uri", "no route is from " + step.uri() + Nearest.hint(step.uri(), known)));
    }

    /** Whether the step is a bean that settles, or a bean of the user, which may settle. */
    private boolean settles(RouteSteps.Step step) {
        if (!(step.node() instanceof BeanDefinition bean)) {
            return false;
        }
        if (bean.getRef() == null) {
            return true;
        }
        Object found = Beans.of(context, bean.getRef());
        return found == null
                || found instanceof Settling
                || !found.getClass().getName().startsWith("dev.drover.");
    }

    private boolean isOutcome(RouteSteps.Step step) {
        return step.node() instanceof BeanDefinition bean && Beans.of(context, bean.getRef()) instanceof Settling;
    }

    /** Whether the step sends to another program, or is a bean of the user, which may send. */
    private boolean maySend(RouteSteps.Step step) {
        boolean sends = !step.uri().isEmpty()
                && !RouteSteps.isInside(step)
                && !(step.node() instanceof WireTapDefinition<?>)
                && !RouteSteps.asks(context, step.node());
        return sends || (settles(step) && !isOutcome(step)) || leadsAnywhere(step);
    }

    private boolean leadsAnywhere(RouteSteps.Step step) {
        return mayLeadAnywhere(context, step.node()) || LEADS_ON.contains(step.scheme());
    }

    /** Whether the next step after this one is unknown. After Drover's own processors it is known. */
    static boolean mayLeadAnywhere(CamelContext context, ProcessorDefinition<?> node) {
        boolean ours = node instanceof ProcessDefinition process
                && Beans.of(context, process.getRef()) instanceof Processor bean
                && bean.getClass().getName().startsWith("dev.drover.");
        return LEADS_ANYWHERE.contains(node.getClass()) && !ours;
    }
}
