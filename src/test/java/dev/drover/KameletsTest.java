package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Kamelet shows a form in an editor, and the sources say the same of what they share. */
class KameletsTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path FOLDER = Path.of("routes/kamelets");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldBeFoundByItsNameWhenItIsInTheFolder(Path file) throws IOException {
        JsonNode kamelet = read(file);

        assertThat(kamelet.path("kind").asText()).isEqualTo("Kamelet");
        assertThat(file.getFileName()).hasToString(kamelet.at("/metadata/name").asText() + ".kamelet.yaml");
        assertThat(kamelet.at("/metadata/name").asText())
                .endsWith("-"
                        + kamelet.at("/metadata/labels")
                                .path("camel.apache.org/kamelet.type")
                                .asText());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldShowAFormWhenAnEditorOpensIt(Path file) throws IOException {
        JsonNode definition = read(file).at("/spec/definition");

        assertThat(read(file)
                        .at("/metadata/annotations")
                        .path("camel.apache.org/kamelet.icon")
                        .asText())
                .startsWith("data:image/svg+xml;base64,");
        assertThat(definition.path("title").asText()).isNotBlank();
        assertThat(definition.path("description").asText()).isNotBlank();
        definition.path("properties").properties().forEach(entry -> {
            JsonNode property = entry.getValue();
            boolean required = definition.path("required").toString().contains("\"" + entry.getKey() + "\"");
            assertThat(property.path("title").asText()).as(entry.getKey()).isNotBlank();
            assertThat(property.path("description").asText()).as(entry.getKey()).isNotBlank();
            assertThat(property.path("type").asText()).as(entry.getKey()).isIn("string", "integer");
            assertThat(property.has("default") || property.has("example"))
                    .as(entry.getKey() + " has a default, or an example where there can be none")
                    .isTrue();
            assertThat(required && property.has("default")).as(entry.getKey()).isFalse();
            assertThat(property.has("pattern") || property.has("enum"))
                    .as(entry.getKey())
                    .isTrue();
            String shown = property.path(property.has("default") ? "default" : "example")
                    .asText();
            assertThat(property.has("enum")
                            || shown.matches(property.path("pattern").asText()))
                    .as(entry.getKey())
                    .isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldUseWhatItAsksForAndNothingElseWhenItBecomesARoute(Path file) throws IOException {
        JsonNode spec = read(file).path("spec");
        Set<String> asked = new TreeSet<>();
        spec.at("/definition/properties").fieldNames().forEachRemaining(asked::add);
        Set<String> used = new TreeSet<>();
        Pattern.compile("\\{\\{\\??(\\w+)}}")
                .matcher(spec.path("template").toString())
                .results()
                .forEach(found -> used.add(found.group(1)));
        used.remove("pipelineName");
        spec.at("/template/beans").forEach(bean -> used.remove(bean.path("name").asText()));
        if (asked.contains("routeConfigurationId")) {
            used.add("routeConfigurationId"); // KameletCalls gives it to the route
        }

        assertThat(used).isEqualTo(asked);
    }

    @Test
    void shouldSayTheSameWhenSeveralSourcesHaveTheProperty() throws IOException {
        JsonNode follow = read(FOLDER.resolve("drover-follow-source.kamelet.yaml"));
        for (Path file : files()) {
            JsonNode other = read(file);
            if (file.toString().endsWith("-source.kamelet.yaml")) {
                other.at("/spec/definition/properties").properties().forEach(property -> {
                    JsonNode first = follow.at("/spec/definition/properties").path(property.getKey());
                    if (!first.isMissingNode() && !property.getKey().equals("mode")) {
                        assertThat(property.getValue())
                                .as(file + " " + property.getKey())
                                .isEqualTo(first);
                    }
                });
                assertThat(other.at("/spec/template/from/steps")).isEqualTo(follow.at("/spec/template/from/steps"));
            }
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return YAML.readTree(file.toFile());
    }
}
