package dev.drover.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of parts, in CycloneDX, is that of the libraries beside the program. */
class SbomTest {

    @Test
    void shouldNameEachLibraryWithItsLicence() throws Exception {
        // Given
        JsonNode sbom = new ObjectMapper().readTree(Path.of("target/sbom.json").toFile());
        List<String> named = new ArrayList<>();
        List<String> unlicensed = new ArrayList<>();

        // When
        for (JsonNode part : sbom.get("components")) {
            String name = part.get("name").asText() + "-" + part.get("version").asText();
            named.add(name);
            if (part.path("licenses").isEmpty()) {
                unlicensed.add(name);
            }
        }

        // Then
        assertThat(sbom.get("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(named).containsExactlyInAnyOrderElementsOf(libraries());
        assertThat(unlicensed).isEmpty();
    }

    private static List<String> libraries() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("target/lib"))) {
            return files.map(file -> file.getFileName()
                            .toString()
                            .replaceFirst("\\.jar$", "")
                            .replaceFirst("-linux-x86_64$", ""))
                    .toList();
        }
    }
}
