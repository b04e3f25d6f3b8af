package dev.drover.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.WireTapDefinition;

/** The steps that a record or a batch passes, also through {@code direct:} into other routes; without error clauses. */
public final class RouteSteps {

    /**
     * A step on the way.
     *
     * @param route the route it stands in: the pipeline's, or one that is called
     * @param node the step
     * @param uri where it sends to, resolved and without options; empty if it does not send
     */
    public record Step(RouteDefinition route, ProcessorDefinition<?> node, String uri) {
        String scheme() {
            return uri.replaceFirst(":.*", "");
        }
    }

    private static final Set<String> INSIDE = Set.of("direct", "kamelet", "log");

    private final CamelContext context;
    private final boolean throughBatch;
    private final List<Step> steps = new ArrayList<>();
    private final Set<RouteDefinition> entered = new HashSet<>();
    private final Set<String> questions = new HashSet<>();

    private RouteSteps(CamelContext context, boolean throughBatch) {
        this.context = context;
        this.throughBatch = throughBatch;
    }

    /** The way of a record below a node, up to the aggregate that collects it and with that. */
    public static List<Step> ofRecord(CamelContext context, RouteDefinition route, ProcessorDefinition<?> parent) {
        return new RouteSteps(context, false).below(route, parent);
    }

    /** The way of a batch below its aggregate. */
    static List<Step> ofBatch(CamelContext context, RouteDefinition route, AggregateDefinition aggregate) {
        return new RouteSteps(context, true).below(route, aggregate);
    }

    /** The way of a record and of its batch, from the beginning of a route on. */
    static List<Step> ofAll(CamelContext context, RouteDefinition route) {
        return new RouteSteps(context, true).below(route, route);
    }

    private List<Step> below(RouteDefinition route, ProcessorDefinition<?> parent) {
        for (ProcessorDefinition<?> node : parent.getOutputs()) {
            if (!(node instanceof OnExceptionDefinition)) {
                Step step = step(context, route, node);
                steps.add(step);
                if (throughBatch || !(node instanceof AggregateDefinition)) {
                    below(route, node);
                }
                next(context, step).filter(entered::add).ifPresent(next -> below(next, next));
            }
        }
        return steps;
    }

    /**
     * Which steps that send a single record only ask something: all of them where its records are collected into batches,
     * else those after which another one sends it.
     *
     * @return whether the step at this place, its file and line, does
     */
    public static Predicate<String> questions(CamelContext context, RouteDefinition route) {
        if (ofRecord(context, route, route).stream().anyMatch(step -> step.node() instanceof AggregateDefinition)) {
            return place -> true;
        }
        RouteSteps steps = new RouteSteps(context, false);
        boolean unused = steps.sends(route, route.getOutputs(), false);
        return steps.questions::contains;
    }

    /** Whether a record is sent on this way, or after it; notes the steps after which it is. */
    private boolean sends(RouteDefinition route, List<ProcessorDefinition<?>> way, boolean sentAfter) {
        boolean sent = sentAfter;
        boolean caught = false;
        for (int i = way.size() - 1; i >= 0; i--) {
            ProcessorDefinition<?> node = way.get(i);
            Step step = step(context, route, node);
            if (node instanceof CatchDefinition) {
                caught |= sends(route, node.getOutputs(), sentAfter);
            } else if (node instanceof ChoiceDefinition choice) {
                sent = sendsByOne(route, choice, sent);
            } else if (isSent(step)) {
                if (sent) {
                    questions.add(node.getLocation() + ":" + node.getLineNumber());
                }
                sent = true;
            } else {
                Optional<RouteDefinition> called = next(context, step).filter(entered::add);
                sent = sends(route, node.getOutputs(), sent);
                if (called.isPresent()) {
                    sent = sends(called.get(), called.get().getOutputs(), sent);
                    entered.remove(called.get());
                }
            }
        }
        return sent || caught;
    }

    private boolean sendsByOne(RouteDefinition route, ChoiceDefinition choice, boolean sentAfter) {
        boolean sent = choice.getOtherwise() != null
                && sends(route, choice.getOtherwise().getOutputs(), sentAfter);
        for (WhenDefinition when : choice.getWhenClauses()) {
            sent |= sends(route, when.getOutputs(), sentAfter);
        }
        return sent || sentAfter;
    }

    private boolean isSent(Step step) {
        return !step.uri().isEmpty()
                && !(step.node() instanceof WireTapDefinition<?>)
                && !INSIDE.contains(step.scheme())
                && !asks(context, step.node());
    }

    /** A node as a step. */
    static Step step(CamelContext context, RouteDefinition route, ProcessorDefinition<?> node) {
        return new Step(route, node, address(context, written(context, node)));
    }

    /** Where a node sends to, resolved and with its options; empty if it does not send. */
    static String written(CamelContext context, ProcessorDefinition<?> node) {
        String uri = null;
        if (node instanceof SendDefinition<?> send) {
            uri = send.getEndpointUri();
        } else if (node instanceof ToDynamicDefinition dynamic) {
            uri = dynamic.getUri();
        }
        return uri == null ? "" : RoutePlace.resolved(context, uri);
    }

    /** Whether a node sends a request that only asks something. */
    static boolean asks(CamelContext context, ProcessorDefinition<?> node) {
        return written(context, node).matches("(?s).*[?&]httpMethod=(GET|HEAD|OPTIONS)\\b.*");
    }

    /** The route that a {@code direct:} step goes on in. */
    static Optional<RouteDefinition> next(CamelContext context, Step step) {
        return step.scheme().equals("direct")
                ? routes(context).stream()
                        .filter(route -> from(context, route).equals(step.uri()))
                        .findFirst()
                : Optional.empty();
    }

    /** The routes as they are written, those with Kamelets in full; not those that Camel makes of Kamelets. */
    public static List<RouteDefinition> routes(CamelContext context) {
        return model(context).getRouteDefinitions().stream()
                .filter(route -> !Boolean.TRUE.equals(route.isKamelet()))
                .map(route -> ShortForm.written(context, route).orElse(route))
                .toList();
    }

    /** The route of this id, as it is written; in full, if Camel has made it of a Kamelet for another route. */
    public static RouteDefinition route(CamelContext context, String id) {
        RouteDefinition route = model(context).getRouteDefinition(id);
        return Boolean.TRUE.equals(route.isKamelet())
                ? route(context, KameletCalls.pipelineOf(route).orElse(""))
                : ShortForm.written(context, route).orElse(route);
    }

    private static Model model(CamelContext context) {
        return context.getCamelContextExtension().getContextPlugin(Model.class);
    }

    /** Where a route reads from, resolved and without options. */
    static String from(CamelContext context, RouteDefinition route) {
        return route.getInput() == null ? "" : address(context, route.getInput().getEndpointUri());
    }

    /** The same; of a route that begins with a Kamelet, where that reads from. */
    static String begin(CamelContext context, RouteDefinition route) {
        String from = from(context, route);
        return KameletCall.is(from)
                ? KameletCall.route(context, route.getInput().getEndpointUri(), "", route.getInput())
                        .map(source -> from(context, source))
                        .orElse(from)
                : from;
    }

    private static String address(CamelContext context, String uri) {
        return RoutePlace.resolved(context, uri).replaceFirst("(?s)\\?.*", "").replaceFirst("^(\\w+):/+", "$1:");
    }
}
