package dev.drover.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.drover.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A YAML that a page shows: a whole route file, or a part of a file of the project. */
record YamlBlock(String text) {

    private static final String SETTINGS =
            "drover.source.url = jdbc:h2:mem:shown\ndrover.orders.url = http://localhost\n";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** What is wrong with it, or null: it is a part of a file of the project, or a whole file that {@code lint} accepts. */
    @Nullable
    String mistake(Path folder) throws IOException {
        JsonNode shown = YAML.readTree(text);
        for (JsonNode file : files()) {
            if (isIn(file, shown)) {
                return null;
            }
        }
        return isRouteFile(shown) ? lint(folder) : "is no route file, nor a part of a file";
    }

    private static boolean isRouteFile(JsonNode shown) {
        return shown.isArray()
                && StreamSupport.stream(shown.spliterator(), false)
                        .allMatch(entity ->
                                entity.has("beans") || entity.path("route").has("from"));
    }

    private @Nullable String lint(Path folder) throws IOException {
        Files.writeString(folder.resolve("shown.camel.yaml"), text);
        Files.writeString(folder.resolve("application.properties"), SETTINGS);
        Files.copy(Path.of("routes/examples/order.schema.json"), folder.resolve("order.schema.json"));
        StringWriter said = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute("lint", "--routes", folder.toString());
        return exitCode == 0 ? null : said.toString();
    }

    private static List<JsonNode> files() throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String folder : List.of("routes", "src/main", "src/replication")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".yaml"))
                        .map(YamlBlock::read)
                        .forEach(all::add);
            }
        }
        return all;
    }

    private static JsonNode read(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the part stands somewhere in the whole; keys that are not shown do not matter. */
    private static boolean isIn(JsonNode whole, JsonNode part) {
        return covers(whole, part)
                || StreamSupport.stream(whole.spliterator(), false).anyMatch(child -> isIn(child, part));
    }

    private static boolean covers(JsonNode whole, JsonNode part) {
        if (part.isObject() && whole.isObject()) {
            return part.properties().stream()
                    .allMatch(
                            field -> whole.has(field.getKey()) && covers(whole.get(field.getKey()), field.getValue()));
        }
        if (part.isArray() && whole.isArray()) {
            return StreamSupport.stream(part.spliterator(), false)
                    .allMatch(element -> StreamSupport.stream(whole.spliterator(), false)
                            .anyMatch(candidate -> covers(candidate, element)));
        }
        return whole.asText().equals(part.asText()) && whole.isValueNode() && part.isValueNode();
    }
}
