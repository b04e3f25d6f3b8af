package dev.drover.route;

import dev.drover.ledger.Beans;
import dev.drover.ledger.Settling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.DynamicRouterDefinition;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutingSlipDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.WireTapDefinition;

/**
 * Finds paths on which one record would be delivered to several destinations. A record is settled once, so a record
 * that a second destination refuses, or has not received when the process ends, would be lost. Each destination needs a
 * separate pipeline.
 */
final class OneDestination {

    private static final String PIPELINES =
            "; give each destination a pipeline of its own, as routes/examples/fan-out.camel.yaml does";

    /** Steps that may lead one batch to several routes. */
    private static final Set<Class<?>> LEADS_TO_SEVERAL =
            Set.of(RecipientListDefinition.class, RoutingSlipDefinition.class, DynamicRouterDefinition.class);

    private final CamelContext context;
    private final RouteDefinition route;
    private final ProcessorDefinition<?> parent;
    private final List<Finding> findings = new ArrayList<>();

    /** @param parent the parent of the steps of a record: the split of the page, or the route of a topic */
    OneDestination(CamelContext context, RouteDefinition route, ProcessorDefinition<?> parent) {
        this.context = context;
        this.route = route;
        this.parent = parent;
    }

    /** Does not check the paths beyond several aggregates, which another check refuses. */
    List<Finding> findings() {
        List<AggregateDefinition> aggregates = List.copyOf(
                ProcessorDefinitionHelper.filterTypeInOutputs(parent.getOutputs(), AggregateDefinition.class));
        if (aggregates.size() <= 1) {
            second(
                    new Way(this::settles, true).below(route, parent),
                    "settles the record a second time, after %s: what this destination refuses or misses would be"
                            + " lost");
            aggregates.forEach(this::checkBatch);
            checkCompletions();
        }
        // A step that sends before the aggregate is a look-up, so it must name its method too.
        RouteSteps.ofRecord(context, route, parent).stream()
                .filter(step -> isDynamic(step) || !aggregates.isEmpty())
                .forEach(this::requireMethod);
        aggregates.stream()
                .flatMap(aggregate -> RouteSteps.ofBatch(context, route, aggregate).stream())
                .filter(OneDestination::isDynamic)
                .forEach(this::requireMethod);
        return findings;
    }

    private static boolean isDynamic(RouteSteps.Step step) {
        return step.node().getClass() == ToDynamicDefinition.class;
    }

    /** Requires a method: Camel sends GET to an address with a query. A {@code to} that delivers always sends POST. */
    private void requireMethod(RouteSteps.Step step) {
        if (posts(step) && !RouteSteps.written(context, step.node()).contains("httpMethod=")) {
            findings.add(new RoutePlace(route, step.node())
                    .finding(
                            step.node().getShortName(),
                            "names no method; add httpMethod=POST to its address, or GET to look something up"));
        }
    }

    private void checkBatch(AggregateDefinition aggregate) {
        if (findings.isEmpty()) {
            second(
                    new Way(this::posts, false).below(route, aggregate),
                    "sends the batch a second time, after %s: of two answers only one can be read and settled");
        }
        for (RouteSteps.Step step : RouteSteps.ofBatch(context, route, aggregate)) {
            if (LEADS_TO_SEVERAL.contains(step.node().getClass())) {
                add(step.node(), "may lead a batch to several destinations, and only one can settle it");
            } else if (step.node() instanceof WireTapDefinition<?> && delivers(step)) {
                add(step.node(), "does not wait for what it sends, so a batch would be settled without it");
            }
        }
    }

    /** Checks the onCompletion clauses of route configurations, which Camel adds to its routes when they start. */
    private void checkCompletions() {
        RouteSteps.model(context).getRouteConfigurationDefinitions().stream()
                .flatMap(configuration -> configuration.getOnCompletions().stream())
                .filter(completion ->
                        !new Way(this::settles, true).below(route, completion).isEmpty())
                .forEach(completion -> add(completion, "settles a record when its way is over, a second time"));
    }

    private boolean delivers(RouteSteps.Step tap) {
        return posts(tap)
                || RouteSteps.next(context, tap)
                        .filter(tapped -> !new Way(step -> settles(step) || posts(step), false)
                                .below(tapped, tapped)
                                .isEmpty())
                        .isPresent();
    }

    private void second(List<ProcessorDefinition<?>> passed, String message) {
        if (passed.size() > 1) {
            ProcessorDefinition<?> first = passed.get(0);
            String name = first == passed.get(1) ? "itself" : new RoutePlace(route, first).step();
            add(passed.get(1), String.format(message, name));
        }
    }

    private void add(ProcessorDefinition<?> step, String message) {
        findings.add(new RoutePlace(route, step).finding(step.getShortName(), message + PIPELINES));
    }

    private boolean settles(RouteSteps.Step step) {
        return step.node() instanceof BeanDefinition bean && Beans.of(context, bean.getRef()) instanceof Settling;
    }

    /** Whether the step sends by HTTP, except for a look-up. */
    private boolean posts(RouteSteps.Step step) {
        return (step.scheme().equals("http") || step.scheme().equals("https"))
                && !RouteSteps.asks(context, step.node());
    }

    /** Finds the longest sequence of steps of a kind that one record can pass. */
    private final class Way {

        private final Predicate<RouteSteps.Step> wanted;
        private final boolean repeats;
        private final Set<RouteDefinition> entered = new HashSet<>();

        /**
         * @param wanted the kind of step
         * @param repeats whether a step that repeats for each part of a batch counts twice
         */
        Way(Predicate<RouteSteps.Step> wanted, boolean repeats) {
            this.wanted = wanted;
            this.repeats = repeats;
        }

        List<ProcessorDefinition<?>> below(RouteDefinition in, ProcessorDefinition<?> node) {
            if (node instanceof ChoiceDefinition choice) {
                List<ProcessorDefinition<?>> longest = choice.getOtherwise() == null
                        ? List.of()
                        : all(in, choice.getOtherwise().getOutputs());
                for (WhenDefinition when : choice.getWhenClauses()) {
                    longest = longer(longest, all(in, when.getOutputs()));
                }
                return longest;
            }
            if (node instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null) {
                return longer(
                        all(in, breaker.getOutputs()),
                        all(in, breaker.getOnFallback().getOutputs()));
            }
            return all(in, node.getOutputs());
        }

        /** The steps of a sequence, or of its catch clauses if those have more. */
        private List<ProcessorDefinition<?>> all(RouteDefinition in, List<ProcessorDefinition<?>> nodes) {
            List<ProcessorDefinition<?>> passed = new ArrayList<>();
            List<ProcessorDefinition<?>> caught = List.of();
            for (ProcessorDefinition<?> node : nodes) {
                if (node instanceof CatchDefinition) {
                    caught = longer(caught, at(in, node));
                } else {
                    passed.addAll(at(in, node));
                }
            }
            return longer(passed, caught);
        }

        private List<ProcessorDefinition<?>> at(RouteDefinition in, ProcessorDefinition<?> node) {
            RouteSteps.Step step = RouteSteps.step(context, in, node);
            if (node instanceof OnExceptionDefinition || node instanceof WireTapDefinition<?>) {
                return List.of();
            }
            if (wanted.test(step)) {
                return List.of(node);
            }
            List<ProcessorDefinition<?>> passed = new ArrayList<>(below(in, node));
            if (node instanceof LoopDefinition || (node instanceof SplitDefinition && repeats)) {
                passed.addAll(List.copyOf(passed));
            }
            RouteSteps.next(context, step).filter(entered::add).ifPresent(called -> {
                passed.addAll(below(called, called));
                entered.remove(called);
            });
            return passed;
        }

        private static <T> List<T> longer(List<T> one, List<T> other) {
            return one.size() >= other.size() ? one : other;
        }
    }
}
