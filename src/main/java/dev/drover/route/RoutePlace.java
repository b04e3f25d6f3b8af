package dev.drover.route;

import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.RouteDefinition;

/**
 * The place of a node of a route: its file and line, and its id, which a visual editor shows.
 *
 * @param pipeline the route
 * @param node a step of the route, or its {@code from}
 */
public record RoutePlace(RouteDefinition pipeline, OptionalIdentifiedDefinition<?> node) {

    /** The pipeline itself, at its {@code from}. */
    public static RoutePlace of(RouteDefinition pipeline) {
        return new RoutePlace(pipeline, pipeline.getInput());
    }

    /** A finding about a key of the node. */
    public Finding finding(String key, String message) {
        String location = node.getLocation() == null ? "route " + pipeline.getRouteId() : node.getLocation();
        return new Finding(
                location.replaceFirst("^file:", ""), node.getLineNumber(), key, message + " (" + names() + ")");
    }

    private String names() {
        String names = "route " + pipeline.getRouteId();
        if (node == pipeline || node == pipeline.getInput()) {
            return names;
        }
        return names + ", " + step();
    }

    /** The kind and id of the node, with its file and line if they are known. */
    public String stepAndLine() {
        return node.getLocation() == null
                ? step()
                : step() + " (" + node.getLocation().replaceFirst("^file:", "") + ":" + node.getLineNumber() + ")";
    }

    /** The kind and id of the node. */
    String step() {
        return ((NamedNode) node).getShortName() + (node.getId() == null ? "" : " " + node.getId());
    }

    /** The text with its placeholders replaced; unchanged if one of them has no value. */
    public static String resolved(CamelContext context, String text) {
        try {
            return context.resolvePropertyPlaceholders(text);
        } catch (RuntimeException e) {
            return text;
        }
    }
}
