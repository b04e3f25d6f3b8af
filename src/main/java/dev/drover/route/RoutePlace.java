package dev.drover.route;

import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.RouteDefinition;

/**
 * Where a node of a route stands: its file and line, and for who works in a visual editor its names.
 *
 * @param pipeline the route
 * @param node a step of it, or what it begins with
 */
public record RoutePlace(RouteDefinition pipeline, OptionalIdentifiedDefinition<?> node) {

    /** The pipeline itself, at its {@code from}. */
    public static RoutePlace of(RouteDefinition pipeline) {
        return new RoutePlace(pipeline, pipeline.getInput());
    }

    /** What is wrong there, with a key of the node. */
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

    /** The same with file and line, as far as they are known. */
    public String stepAndLine() {
        return node.getLocation() == null
                ? step()
                : step() + " (" + node.getLocation().replaceFirst("^file:", "") + ":" + node.getLineNumber() + ")";
    }

    /** What the node is, and its id. */
    String step() {
        return ((NamedNode) node).getShortName() + (node.getId() == null ? "" : " " + node.getId());
    }

    /** The text with its placeholders replaced; as it is where one of them has no value. */
    public static String resolved(CamelContext context, String text) {
        try {
            return context.resolvePropertyPlaceholders(text);
        } catch (RuntimeException e) {
            return text;
        }
    }
}
