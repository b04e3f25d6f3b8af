package dev.drover.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A manifest of {@code src/main/kubernetes}. */
record Manifest(Path file, JsonNode content) {

    static final Path FOLDER = Path.of("src/main/kubernetes");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static List<Manifest> all() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .map(Manifest::read)
                    .toList();
        }
    }

    static Manifest read(Path file) {
        try {
            return new Manifest(file, YAML.readTree(file.toFile()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Manifest of(String name) {
        return read(FOLDER.resolve(name));
    }

    /**
     * What the schema of its kind objects to, or null: a field that it does not know, or one that it needs. The models are
     * made from the OpenAPI documents that Kubernetes publishes.
     */
    @Nullable
    String objection() throws ReflectiveOperationException {
        String version = content.get("apiVersion").asText().replaceFirst(".*/", "");
        Class<?> model = Class.forName("io.kubernetes.client.openapi.models."
                + version.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                + version.substring(1)
                + content.get("kind").asText());
        try {
            model.getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, JsonParser.parseString(content.toString()));
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause().getMessage();
        }
    }

    /** The node at this JSON pointer. */
    JsonNode at(String pointer) {
        return content.at(pointer);
    }

    @Override
    public String toString() {
        return FOLDER.relativize(file).toString();
    }
}
