package dev.drover.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.drover.folder.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The few words of the DSL's schema, as a library for all words of JSON Schema understands them. */
class DslSchemaTest {

    private final DslSchema schema = new DslSchema();
    private final JsonSchema library = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(
                    schema.dsl,
                    SchemaValidatorsConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .preloadJsonSchema(false)
                            .build());

    @Test
    void shouldRefuseWhatALibraryRefusesWhenAnyLineIsWrong() throws Exception {
        // Given
        List<String> lines = Files.readAllLines(Path.of("src/test/routes/lint/clean/orders.camel.yaml"));
        List<List<String>> refused = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            for (String wrong : List.of("", "$1: []", "$1: {a: b}", "$1: yes", "$1: ~", "steps:", "stps: 1")) {
                List<String> changed = new ArrayList<>(lines);
                changed.set(i, lines.get(i).replaceFirst("([A-Za-z]+):.*", wrong));
                JsonNode content =
                        YamlFile.of("changed", String.join("\n", changed)).content();
                if (content.isMissingNode()) {
                    continue; // no valid YAML any more
                }

                // When
                Set<String> places = places(content);

                // Then
                assertThat(places).as(String.join("\n", changed)).isEqualTo(ofLibrary(content));
                refused.add(List.copyOf(places));
            }
        }
        assertThat(refused).filteredOn(places -> !places.isEmpty()).hasSizeGreaterThan(lines.size());
    }

    private Set<String> places(JsonNode content) {
        return schema.refused(content).stream()
                .map(refused -> refused.word() + " " + refused.place())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> ofLibrary(JsonNode content) {
        return library.validate(content).stream()
                .filter(message -> !message.getType().equals("oneOf"))
                .map(message -> message.getType() + " " + message.getInstanceLocation()
                        + (message.getProperty() == null ? "" : "/" + message.getProperty()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
