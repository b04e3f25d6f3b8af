package dev.drover.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.drover.route.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Checks the properties of Kamelets: of the user's folder, built-in ones, and those of libraries. */
public final class KameletProperties {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String ENDING = ".kamelet.yaml";

    /** The properties that Camel itself reads from a call. */
    private static final Set<String> OF_CAMEL =
            Set.of("routeId", "location", "bridgeErrorHandler", "noErrorHandler", "block", "timeout", "uuid");

    private final Path folder;

    public KameletProperties(RoutesFolder folder) {
        this.folder = folder.path().resolve("kamelets");
    }

    /** Why the Kamelet does not exist or cannot be used; empty if it can be used. */
    public Optional<String> missing(String name) {
        JsonNode template = spec(name).path("template");
        if (template.isMissingNode()) {
            return Optional.of("there is no Kamelet '" + name + "'" + Nearest.hint(name, names()));
        }
        return template.has("route") && template.has("from")
                ? Optional.of("the Kamelet '" + name + "' has a from beside its route, and Camel takes one; a visual"
                        + " editor adds an empty one: take that out of "
                        + folder.getFileName().resolve(name + ENDING))
                : Optional.empty();
    }

    /**
     * Checks a call of an existing Kamelet.
     *
     * @param given the properties of the call, with their settings replaced
     * @param finding receives the property and the message
     */
    public void check(String name, Map<String, String> given, BiConsumer<String, String> finding) {
        JsonNode definition = spec(name).path("definition");
        Set<String> known = new TreeSet<>();
        definition.path("properties").fieldNames().forEachRemaining(known::add);
        given.forEach((property, value) -> {
            if (known.contains(property)) {
                wrong(definition.path("properties").path(property), value)
                        .ifPresent(
                                why -> finding.accept(property, "'" + value + "' is not allowed, it must be " + why));
            } else if (property.equals("templateId")) { // an editor writes it for an unknown Kamelet
                if (!value.equals(name)) {
                    finding.accept(property, "'" + value + "' is not allowed, it must be " + name + ", or left out");
                }
            } else if (!OF_CAMEL.contains(property)) {
                finding.accept(property, "is not a property of " + name + Nearest.hint(property, known));
            }
        });
        texts(definition.path("required"))
                .filter(property -> !given.containsKey(property))
                .forEach(property -> finding.accept(property, "is missing, " + name + " needs it"));
    }

    private static Optional<String> wrong(JsonNode property, String value) {
        if (value.contains("{{")) {
            return Optional.empty(); // a setting without a value, which is a finding of its own
        }
        List<String> choices = texts(property.path("enum"))
                .filter(choice -> !choice.contains("{{"))
                .toList();
        if (!choices.isEmpty()) {
            return choices.contains(value)
                    ? Optional.empty()
                    : Optional.of("one of " + String.join(", ", choices) + Nearest.hint(value, choices));
        }
        String pattern = property.path("pattern").asText();
        if (pattern.isEmpty() || value.matches(pattern)) {
            return Optional.empty();
        }
        String kind = property.path("type").asText().equals("integer") ? "a whole number" : "text";
        String example =
                property.path(property.has("default") ? "default" : "example").asText();
        String ofRecord = value.contains("${") ? "; what differs from record to record is a step of the long form" : "";
        return Optional.of(kind + " like " + example + ofRecord);
    }

    private static Stream<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
    }

    private JsonNode spec(String name) {
        try {
            Path own = folder.resolve(name + ENDING);
            if (Files.exists(own)) {
                return YAML.readTree(own.toFile()).path("spec");
            }
            for (String place : List.of(BuiltIn.FOLDER, "")) {
                try (InputStream in = KameletProperties.class
                        .getClassLoader()
                        .getResourceAsStream(place + "kamelets/" + name + ENDING)) {
                    if (in != null) {
                        return YAML.readTree(in).path("spec");
                    }
                }
            }
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new UncheckedIOException("the Kamelet " + name + " cannot be read", e);
        }
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(BuiltIn.KAMELETS);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(ENDING))
                        .forEach(file -> names.add(file.substring(0, file.length() - ENDING.length())));
            } catch (IOException e) {
                throw new UncheckedIOException("the folder " + folder + " cannot be read", e);
            }
        }
        return names;
    }
}
