package dev.drover.folder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.route.Finding;
import dev.drover.route.Role;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A definition in a route file.
 *
 * @param name its id or name; for {@link Kind#OTHER}, its type and its position in the file
 * @param file the file as the user named it
 * @param line its first line
 * @param content its parsed content
 * @param node its YAML node
 */
public record Definition(Kind kind, String name, String file, int line, JsonNode content, Node node) {

    /** The kind of a definition. */
    public enum Kind {
        /** A route with an id. */
        ROUTE,
        /** A route configuration: clauses that routes share. */
        CONFIGURATION,
        /** A bean. */
        BEAN,
        /** Any other definition. A reload cannot change it. */
        OTHER
    }

    /** Definitions that apply only to the routes of the same file, and move with them. */
    private static final Set<String> OF_ITS_FILE = Set.of(
            "errorHandler", "intercept", "interceptFrom", "interceptSendToEndpoint", "onCompletion", "onException");

    /** Whether the content is the same. A bean may have moved to another file. */
    public boolean isSame(Definition other) {
        return kind == other.kind && content.equals(other.content) && (kind == Kind.BEAN || file.equals(other.file));
    }

    /** Whether it is a route that begins a pipeline. */
    public boolean isPipeline() {
        String uri = content.path("route").path("from").path("uri").asText();
        String address = uri.contains(":") ? uri : uri + ":"; // the rest may be in the parameters
        return kind == Kind.ROUTE && Role.ALL.beginsAt(address);
    }

    /** A finding at its first line. */
    public Finding finding(String message) {
        return new Finding(file, line, name, message);
    }

    boolean isOfItsFile() {
        return kind == Kind.OTHER && OF_ITS_FILE.contains(name.replaceFirst(" .*", ""));
    }
}
