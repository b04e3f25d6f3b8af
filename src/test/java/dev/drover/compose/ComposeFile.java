package dev.drover.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** {@code src/main/compose/compose.yaml}, with what its anchors merge. */
final class ComposeFile {

    static final Path FOLDER = Path.of("src/main/compose");

    private final JsonNode content = read("compose.yaml");

    /** A file of the folder, or beside it. */
    static JsonNode read(String name) {
        try (Reader reader = Files.newBufferedReader(FOLDER.resolve(name))) {
            Object content = new Yaml().load(reader);
            return new ObjectMapper().valueToTree(content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The services by name. */
    Map<String, JsonNode> services() {
        Map<String, JsonNode> services = new TreeMap<>();
        content.path("services").properties().forEach(service -> services.put(service.getKey(), service.getValue()));
        return services;
    }

    JsonNode service(String name) {
        return content.path("services").path(name);
    }

    /** The names of the volumes that are no folders. */
    List<String> volumes() {
        return content.path("volumes").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The variable that a secret comes from. */
    String variableOfSecret(String name) {
        return content.path("secrets").path(name).path("environment").asText();
    }

    /** What is mounted into a service, by the path inside: files of this project, or names of volumes. */
    Map<String, String> mounts(String service) {
        Map<String, String> mounts = new TreeMap<>();
        service(service).path("volumes").forEach(mount -> {
            String[] parts = mount.asText().split(":", -1);
            mounts.put(parts[1], parts[0]);
        });
        return mounts;
    }

    /** The variables of a service. */
    Map<String, String> environment(String service) {
        Map<String, String> environment = new TreeMap<>();
        service(service)
                .path("environment")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().asText()));
        return environment;
    }

    /** Whether a service listens there: {@code host:port}. */
    boolean listens(String address) {
        String[] parts = address.split(":", -1);
        return texts(service(parts[0]).path("expose")).anyMatch(parts[1]::equals);
    }

    static Stream<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts.stream();
    }
}
