package dev.drover.pages;

import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.RouteDefinition;

/**
 * Where a node of a pipeline stands: its file and line if Camel was told to keep them
 * ({@code camel.main.sourceLocationEnabled}), else the names of the pipeline's route and of the node.
 */
record RoutePlace(RouteDefinition pipeline, OptionalIdentifiedDefinition<?> node) {

    /** The pipeline itself, at its {@code from}. */
    static RoutePlace of(RouteDefinition pipeline) {
        return new RoutePlace(pipeline, pipeline.getInput());
    }

    Finding finding(String key, String message) {
        String location = node.getLocation();
        return location == null || node.getLineNumber() < 1
                ? new Finding(names(), 0, key, message)
                : new Finding(location.replaceFirst("^file:", ""), node.getLineNumber(), key, message);
    }

    private String names() {
        String names = "route " + pipeline.getRouteId();
        return node == pipeline.getInput()
                ? names
                : names + ", " + ((NamedNode) node).getShortName() + " " + node.getId();
    }

    /** The text with its placeholders replaced; as it is where one of them has no value. */
    static String resolved(CamelContext context, String text) {
        try {
            return context.resolvePropertyPlaceholders(text);
        } catch (RuntimeException e) {
            return text;
        }
    }
}
