package dev.drover.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.WireTapDefinition;

/** The steps that a record or a batch passes, including routes called by {@code direct:}, except error clauses. */
public final class RouteSteps {

    /**
     * A step on the path.
     *
     * @param route the route with the step: the route of the pipeline or a called route
     * @param uri the address to which it sends, resolved and without options; empty if it does not send
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

    /** The path of a record below a node, up to and including the aggregate that collects it. */
    public static List<Step> ofRecord(CamelContext context, RouteDefinition route, ProcessorDefinition<?> parent) {
        return new RouteSteps(context, false).below(route, parent);
    }

    /** The path of a batch below its aggregate. */
    static List<Step> ofBatch(CamelContext context, RouteDefinition route, AggregateDefinition aggregate) {
        return new RouteSteps(context, true).below(route, aggregate);
    }

    /** The path of a record and its batch from the beginning of a route. */
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
     * Finds the sending steps that only look something up. If the records are collected into batches, these are all
     * that send single records. Otherwise these are the steps after which another step sends the record.
     *
     * @return whether the step at a place, {@code file:line}, is such a look-up
     */
    public static Predicate<String> questions(CamelContext context, RouteDefinition route) {
        if (ofRecord(context, route, route).stream().anyMatch(step -> step.node() instanceof AggregateDefinition)) {
            return place -> true;
        }
        RouteSteps steps = new RouteSteps(context, false);
        boolean unused = steps.sends(route, route.getOutputs(), false);
        return steps.questions::contains;
    }

    /** Whether a record is sent by these steps or after them. Notes the steps after which it is sent. */
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
                && !isInside(step)
                && !asks(context, step.node());
    }

    /** Whether a step sends to another route or to the log. */
    static boolean isInside(Step step) {
        return INSIDE.contains(step.scheme());
    }

    /** The step of a node. */
    static Step step(CamelContext context, RouteDefinition route, ProcessorDefinition<?> node) {
        return new Step(route, node, address(context, written(context, node)));
    }

    /** The address to which a node sends, resolved and with its options; empty if it does not send. */
    static String written(CamelContext context, ProcessorDefinition<?> node) {
        String uri = null;
        if (node instanceof SendDefinition<?> send) {
            uri = send.getEndpointUri();
        } else if (node instanceof ToDynamicDefinition dynamic) {
            uri = dynamic.getUri();
        }
        return uri == null ? "" : RoutePlace.resolved(context, uri);
    }

    /** Whether a node sends a request that only looks something up. */
    static boolean asks(CamelContext context, ProcessorDefinition<?> node) {
        return written(context, node).matches("(?s).*[?&]httpMethod=(GET|HEAD|OPTIONS)\\b.*");
    }

    /** The route that a {@code direct:} step calls. */
    static Optional<RouteDefinition> next(CamelContext context, Step step) {
        return step.scheme().equals("direct")
                ? routes(context).stream()
                        .filter(route -> from(context, route).equals(step.uri()))
                        .findFirst()
                : Optional.empty();
    }

    /** The routes of the user, in the long form. Those that Camel creates from Kamelets are left out. */
    public static List<RouteDefinition> routes(CamelContext context) {
        return written(context)
                .map(route -> ShortForm.written(context, route).orElse(route))
                .toList();
    }

    /** Whether a Kamelet that the route calls sends records of one address in different requests. */
    public static boolean isKeptApart(CamelContext context, RouteDefinition route) {
        RouteDefinition written = model(context).getRouteDefinition(route.getRouteId());
        return written != null
                && ProcessorDefinitionHelper.filterTypeInOutputs(written.getOutputs(), ToDefinition.class).stream()
                        .anyMatch(call -> KameletCalls.isKeptApart(call.getEndpointUri()));
    }

    /** The routes as the user wrote them. */
    public static Stream<RouteDefinition> written(CamelContext context) {
        return model(context).getRouteDefinitions().stream().filter(route -> !Boolean.TRUE.equals(route.isKamelet()));
    }

    /** The route of this id in the long form. For a route created from a Kamelet it is the calling route. */
    public static RouteDefinition route(CamelContext context, String id) {
        RouteDefinition route = model(context).getRouteDefinition(id);
        return Boolean.TRUE.equals(route.isKamelet())
                ? route(context, KameletCalls.pipelineOf(route).orElse(""))
                : ShortForm.written(context, route).orElse(route);
    }

    public static Model model(CamelContext context) {
        return context.getCamelContextExtension().getContextPlugin(Model.class);
    }

    /** The address that a route reads, resolved and without options. */
    static String from(CamelContext context, RouteDefinition route) {
        return route.getInput() == null ? "" : address(context, route.getInput().getEndpointUri());
    }

    /** The address that a route reads, even if it begins with a Kamelet. */
    static String begin(CamelContext context, RouteDefinition route) {
        String from = from(context, route);
        return KameletCall.is(from)
                ? KameletCall.of(
                                context,
                                route.getInput().getEndpointUri(),
                                Objects.requireNonNullElse(route.getRouteId(), ""),
                                route.getInput())
                        .map(call -> address(context, call.from()))
                        .orElse(from)
                : from;
    }

    private static String address(CamelContext context, String uri) {
        return RoutePlace.resolved(context, uri).replaceFirst("(?s)\\?.*", "").replaceFirst("^(\\w+):/+", "$1:");
    }
}
