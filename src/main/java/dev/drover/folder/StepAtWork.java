package dev.drover.folder;

import dev.drover.ledger.Cause;
import dev.drover.route.Finding;
import dev.drover.route.KameletCalls;
import dev.drover.route.RouteSteps;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.LineNumberAware;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.reifier.ProcessorReifier;
import org.apache.camel.spi.ProcessorFactory;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/** Remembers which step of a route Camel is creating, so that a failure can name its place. */
public final class StepAtWork implements ProcessorFactory {

    private static final Pattern GIVEN = Pattern.compile("[?&](\\w+)=(?:RAW\\()?([^&)]{2,})");

    private final ProcessorFactory stock;
    private volatile @Nullable NamedNode step;

    private StepAtWork(ProcessorFactory stock) {
        this.stock = stock;
    }

    /** To be called before the context creates its routes. */
    public static void watch(CamelContext context) {
        context.getCamelContextExtension()
                .addContextPlugin(ProcessorFactory.class, new StepAtWork(PluginHelper.getProcessorFactory(context)));
    }

    /**
     * A finding about the step that could not be created, at its line, or else about the {@code from} of the route that could
     * not start. For a step of a Kamelet it is the line of the call in the user's route.
     */
    static Optional<Finding> finding(CamelContext context, Throwable failure) {
        String message = Cause.line(failure);
        NamedNode created =
                PluginHelper.getProcessorFactory(context) instanceof StepAtWork watched ? watched.step : null;
        RouteDefinition route = created == null ? routeOf(context, failure) : routeOf(created);
        if (route == null) {
            return Optional.empty();
        }
        NamedNode step = created == null ? route.getInput() : created;
        NamedNode written = KameletCalls.pipelineOf(route)
                .map(caller -> RouteSteps.model(context).getRouteDefinition(caller))
                .map(caller -> call(route, caller))
                .orElse(step);
        RouteDefinition named = Optional.ofNullable(routeOf(written)).orElse(route);
        String place = String.valueOf(((LineNumberAware) written).getLocation()).replaceFirst("^file:", "");
        String key = key(written, message);
        String reason = message.startsWith(key + ": ") ? message.substring(key.length() + 2) : message;
        return Optional.of(new Finding(
                place,
                ((LineNumberAware) written).getLineNumber(),
                key,
                reason + " (route " + named.getRouteId() + ")"));
    }

    /** The parameter of a Kamelet that the message is about, or else the kind of the step. */
    private static String key(NamedNode step, String message) {
        String uri = step instanceof EndpointRequiredDefinition sends ? sends.getEndpointUri() : "";
        List<MatchResult> all =
                GIVEN.matcher(uri.startsWith("kamelet:") ? uri : "").results().toList();
        return all.stream()
                .filter(given -> message.startsWith(given.group(1) + ": "))
                .findFirst()
                .or(() -> all.stream()
                        .filter(given -> message.contains(given.group(2))
                                || given.group(2).contains("${"))
                        .findFirst())
                .map(given -> given.group(1))
                .orElse(step.getShortName());
    }

    /** The call of a Kamelet in the calling route: its {@code from}, or the step that sends. */
    private static NamedNode call(RouteDefinition kamelet, RouteDefinition caller) {
        boolean source = !kamelet.getInput().getEndpointUri().startsWith("kamelet:");
        return source
                ? caller.getInput()
                : ProcessorDefinitionHelper.filterTypeInOutputs(caller.getOutputs(), ToDefinition.class).stream()
                        .filter(to -> to.getEndpointUri().startsWith("kamelet:"))
                        .findFirst()
                        .<NamedNode>map(call -> call)
                        .orElse(caller.getInput());
    }

    private static @Nullable RouteDefinition routeOf(CamelContext context, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedToStartRouteException started) {
                return RouteSteps.model(context).getRouteDefinition(started.getRouteId());
            }
            if (cause instanceof FailedToCreateRouteException created) {
                return RouteSteps.model(context).getRouteDefinition(created.getRouteId());
            }
        }
        return null;
    }

    private static @Nullable RouteDefinition routeOf(NamedNode step) {
        NamedNode node = step;
        while (node != null && !(node instanceof RouteDefinition)) {
            node = node.getParent();
        }
        return (RouteDefinition) node;
    }

    /** Creates the processor here, unless a factory has its own, to see when the steps inside a step are created. */
    @Override
    public @Nullable Processor createProcessor(Route route, NamedNode definition) throws Exception {
        NamedNode outer = step;
        step = definition;
        Processor created = stock.createProcessor(route, definition);
        if (created == null && definition instanceof ProcessorDefinition<?> node) {
            created = ProcessorReifier.reifier(route, node).createProcessor();
        }
        step = outer;
        return created;
    }

    @Override
    public @Nullable Processor createChildProcessor(Route route, NamedNode definition, boolean mandatory)
            throws Exception {
        return stock.createChildProcessor(route, definition, mandatory);
    }

    @Override
    public @Nullable Processor createProcessor(CamelContext context, String definition, Object[] arguments)
            throws Exception {
        return stock.createProcessor(context, definition, arguments);
    }
}
