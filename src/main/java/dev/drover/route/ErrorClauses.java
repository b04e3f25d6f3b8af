package dev.drover.route;

import dev.drover.ledger.Beans;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PatternHelper;

/** Finds routes of a pipeline without error clauses, or without a clause that halts for an error of Java itself. */
public final class ErrorClauses {

    /** Clauses for these also catch errors of Java, because Camel wraps an error into an exception. */
    private static final Set<String> ALL = Set.of("java.lang.Exception", "java.lang.Throwable");

    private ErrorClauses() {}

    /** The clauses of a route: its own, and those of the configurations that it names. */
    public static List<OnExceptionDefinition> of(CamelContext context, RouteDefinition route) {
        List<OnExceptionDefinition> clauses = new ArrayList<>(
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), OnExceptionDefinition.class));
        String wanted = route.getRouteConfigurationId();
        if (wanted != null) {
            configurations(context)
                    .filter(configuration -> PatternHelper.matchPatterns(configuration.getId(), wanted.split(",")))
                    .forEach(configuration -> clauses.addAll(configuration.getOnExceptions()));
        }
        return clauses;
    }

    private static Stream<RouteConfigurationDefinition> configurations(CamelContext context) {
        return RouteSteps.model(context).getRouteConfigurationDefinitions().stream()
                .filter(configuration -> configuration.getId() != null
                        && !configuration.getOnExceptions().isEmpty());
    }

    /** Checks a route of a pipeline: its own route or one that it calls. */
    static List<Finding> findings(CamelContext context, RouteDefinition pipeline, RouteDefinition route) {
        List<OnExceptionDefinition> clauses = of(context, route);
        if (!clauses.isEmpty()) {
            return errors(context, pipeline, route, clauses);
        }
        String wanted = route.getRouteConfigurationId();
        List<String> names =
                configurations(context).map(RouteConfigurationDefinition::getId).toList();
        return List.of(finding(
                pipeline,
                route,
                wanted == null
                        ? "is missing: what fails in this route needs error clauses; allowed are "
                                + String.join(", ", names)
                        : "there is no routeConfiguration '" + wanted + "' with error clauses"
                                + Nearest.hint(wanted, names)));
    }

    private static List<Finding> errors(
            CamelContext context,
            RouteDefinition pipeline,
            RouteDefinition route,
            List<OnExceptionDefinition> clauses) {
        boolean halts = clauses.stream()
                .anyMatch(clause -> clause.getExceptions().contains("java.lang.Error")
                        && Beans.of(context, clause.getOnExceptionOccurredRef()) != null);
        return halts
                ? List.of()
                : clauses.stream()
                        .flatMap(clause -> clause.getExceptions().stream())
                        .filter(ALL::contains)
                        .limit(1)
                        .map(caught -> finding(
                                pipeline,
                                route,
                                "a clause for " + caught + " also takes errors of Java itself, such as"
                                        + " OutOfMemoryError, and would try again for ever or hide them: put one for"
                                        + " java.lang.Error with onExceptionOccurredRef: halt before it, as"
                                        + " routes/route-configuration.camel.yaml has"))
                        .toList();
    }

    private static Finding finding(RouteDefinition pipeline, RouteDefinition route, String message) {
        return new RoutePlace(pipeline, route).finding("routeConfigurationId", message);
    }
}
