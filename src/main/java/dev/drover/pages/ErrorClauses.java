package dev.drover.pages;

import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PatternHelper;

/** Finds routes of a pipeline that no error clause applies to. */
final class ErrorClauses {

    private ErrorClauses() {}

    /** What is wrong with a route of a pipeline: its own, or one that it calls. */
    static List<Finding> findings(CamelContext context, RouteDefinition pipeline, RouteDefinition route) {
        List<String> configurations =
                context
                        .getCamelContextExtension()
                        .getContextPlugin(Model.class)
                        .getRouteConfigurationDefinitions()
                        .stream()
                        .filter(configuration ->
                                !configuration.getOnExceptions().isEmpty())
                        .map(RouteConfigurationDefinition::getId)
                        .filter(Objects::nonNull)
                        .toList();
        if (route.getOutputs().stream().anyMatch(OnExceptionDefinition.class::isInstance)) {
            return List.of();
        }
        String wanted = route.getRouteConfigurationId();
        if (wanted == null) {
            return List.of(finding(
                    pipeline,
                    route,
                    "is missing: what fails in this route needs error clauses; allowed are "
                            + String.join(", ", configurations)));
        }
        return configurations.stream().anyMatch(id -> PatternHelper.matchPatterns(id, wanted.split(",")))
                ? List.of()
                : List.of(finding(
                        pipeline,
                        route,
                        "there is no routeConfiguration '" + wanted + "' with error clauses"
                                + Nearest.hint(wanted, configurations)));
    }

    private static Finding finding(RouteDefinition pipeline, RouteDefinition route, String message) {
        return new RoutePlace(pipeline, route).finding("routeConfigurationId", message);
    }
}
