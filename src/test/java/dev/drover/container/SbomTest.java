package dev.drover.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.Integration;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of parts, in CycloneDX, is that of the libraries beside the program. */
@Integration
class SbomTest {

    /** A row of the table of libraries: their names and the oldest version allowed. */
    private static final Pattern ROW = Pattern.compile("\\| ([a-z0-9, -]+) \\| ([0-9.]+) \\|");

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

    @Test
    void shouldHaveNoLibraryOlderThanTheSecurityPageStates() throws Exception {
        // Given
        Map<String, Version> built = new HashMap<>();
        for (JsonNode part : new ObjectMapper()
                .readTree(Path.of("target/sbom.json").toFile())
                .get("components")) {
            built.put(
                    part.get("name").asText(), Version.parse(part.get("version").asText()));
        }
        Map<String, String> stated = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("src/site/markdown/security.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.lookingAt()) {
                Stream.of(row.group(1).split(", ")).forEach(library -> stated.put(library, row.group(2)));
            }
        }

        // When
        List<String> older = stated.keySet().stream()
                .filter(library -> !built.containsKey(library)
                        || built.get(library).compareTo(Version.parse(stated.get(library))) < 0)
                .toList();

        // Then
        assertThat(stated).hasSizeGreaterThan(10);
        assertThat(older).isEmpty();
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
