package dev.drover.folder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.route.Finding;
import dev.drover.route.Role;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One thing that a route file defines.
 *
 * @param kind what it is
 * @param name its id or name; for any other thing, what it is and its place among those of its file
 * @param file the file as the user named it
 * @param line where it begins
 * @param content what it says
 * @param node the same as it is written
 */
public record Definition(Kind kind, String name, String file, int line, JsonNode content, Node node) {

    /** What a running process can do with it. */
    public enum Kind {
        /** A route with an id. */
        ROUTE,
        /** The clauses that routes share. */
        CONFIGURATION,
        /** A bean. */
        BEAN,
        /** Whatever else: it is there from the start to the end. */
        OTHER
    }

    /** What holds for the routes of its own file only, and goes with them. */
    private static final Set<String> OF_ITS_FILE = Set.of(
            "errorHandler", "intercept", "interceptFrom", "interceptSendToEndpoint", "onCompletion", "onException");

    /** Whether it says the same; a bean is the same wherever it stands. */
    public boolean isSame(Definition other) {
        return kind == other.kind && content.equals(other.content) && (kind == Kind.BEAN || file.equals(other.file));
    }

    /** Whether it is a route that begins a pipeline. */
    public boolean isPipeline() {
        String uri = content.path("route").path("from").path("uri").asText();
        String address = uri.contains(":") ? uri : uri + ":"; // its other parts may stand among the parameters
        return kind == Kind.ROUTE && Role.ALL.beginsAt(address);
    }

    /** What is wrong with it, where it begins. */
    public Finding finding(String message) {
        return new Finding(file, line, name, message);
    }

    boolean isOfItsFile() {
        return kind == Kind.OTHER && OF_ITS_FILE.contains(name.replaceFirst(" .*", ""));
    }
}
