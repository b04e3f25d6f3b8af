package dev.drover.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/**
 * Translates a pipeline of Kamelets into the long form, so that checks and commands need to know only one form. Camel
 * does not run the result.
 */
final class ShortForm {

    private static final String SINK = "kamelet:sink";
    private static final String SOURCE = "kamelet:source";

    private final CamelContext context;
    private final RouteDefinition route;

    private ShortForm(CamelContext context, RouteDefinition route) {
        this.context = context;
        this.route = route;
    }

    /** The pipeline in the long form; empty if the route does not begin with a Kamelet that reads pages. */
    static Optional<RouteDefinition> written(CamelContext context, RouteDefinition route) {
        if (route.getInput() == null || !KameletCall.is(route.getInput().getEndpointUri())) {
            return Optional.empty();
        }
        String name = Objects.requireNonNullElse(route.getRouteId(), ""); // a pipeline without a name is refused
        return KameletCall.of(context, route.getInput().getEndpointUri(), name, route.getInput())
                .map(KameletCall::route)
                .filter(source -> Role.READER.beginsAt(source.getInput().getEndpointUri()))
                .map(source -> new ShortForm(context, route).full(source));
    }

    private RouteDefinition full(RouteDefinition source) {
        List<ProcessorDefinition<?>> steps = copies(route.getOutputs());
        List<ProcessorDefinition<?>> clauses = new ArrayList<>(steps);
        clauses.removeIf(step -> !(step instanceof OnExceptionDefinition));
        steps.removeAll(clauses);
        replace(steps);
        replaceSink(source.getOutputs(), steps);
        source.getOutputs().addAll(0, clauses);
        source.setId(route.getRouteId());
        source.setRouteConfigurationId(route.getRouteConfigurationId());
        source.setAutoStartup(route.getAutoStartup());
        source.setLocation(route.getLocation());
        source.setLineNumber(route.getLineNumber());
        return source;
    }

    /** Replaces each step that calls a Kamelet by the steps of the Kamelet. */
    private void replace(List<ProcessorDefinition<?>> steps) {
        for (int i = 0; i < steps.size(); i++) {
            ProcessorDefinition<?> step = steps.get(i);
            Optional<List<ProcessorDefinition<?>>> called = called(step);
            if (called.isPresent()) {
                steps.remove(i);
                steps.addAll(i, called.get());
                i += called.get().size() - 1;
            } else {
                replace(step.getOutputs());
            }
        }
    }

    private Optional<List<ProcessorDefinition<?>>> called(ProcessorDefinition<?> step) {
        if (!(step instanceof ToDefinition to) || !KameletCall.is(to.getEndpointUri())) {
            return Optional.empty();
        }
        String name = Objects.requireNonNullElse(route.getRouteId(), "");
        return KameletCall.of(context, to.getEndpointUri(), name, step)
                .map(KameletCall::route)
                .filter(kamelet -> kamelet.getInput().getEndpointUri().startsWith(SOURCE))
                .map(kamelet -> {
                    List<ProcessorDefinition<?>> steps = kamelet.getOutputs();
                    steps.removeIf(ShortForm::isSink);
                    replace(steps);
                    return steps;
                });
    }

    private static void replaceSink(List<ProcessorDefinition<?>> steps, List<ProcessorDefinition<?>> user) {
        for (int i = 0; i < steps.size(); i++) {
            if (isSink(steps.get(i))) {
                steps.remove(i);
                steps.addAll(i, user);
                return;
            }
            replaceSink(steps.get(i).getOutputs(), user);
        }
    }

    private static boolean isSink(ProcessorDefinition<?> step) {
        return step instanceof ToDefinition to && to.getEndpointUri().startsWith(SINK);
    }

    @SuppressWarnings("unchecked") // Camel's helper says nothing of its types
    private static List<ProcessorDefinition<?>> copies(List<ProcessorDefinition<?>> steps) {
        return new ArrayList<>(ProcessorDefinitionHelper.deepCopyDefinitions(steps));
    }
}
