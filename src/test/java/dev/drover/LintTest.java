package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code drover lint} and the start of {@code drover run} over folders with one mistake each. */
class LintTest {

    private static final Path FIXTURES = Path.of("src/test/routes/lint");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static List<Path> fixtures() throws IOException {
        try (Stream<Path> folders = Files.list(FIXTURES)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldSayWhatIsWrongWhenAFolderHasAMistake(Path folder) throws Exception {
        // Given
        List<String> findings = Files.readAllLines(folder.resolve("findings.txt"));

        // When
        int exitCode = drover("lint", "--routes", folder.toString());

        // Then
        assertThat(lines(out, folder)).isEqualTo(findings);
        assertThat(lines(err, folder)).isEmpty();
        assertThat(exitCode).isEqualTo(findings.stream().allMatch(line -> line.startsWith("note: ")) ? 0 : 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schema-unknown-key",
                "setting-missing",
                "no-outcome",
                "route-id-twice",
                "form-of-several",
                "cloudevents-without-source",
                "keep-final-statuses",
                "option-in-uri-and-parameters"
            })
    void shouldRefuseToRunWithTheSameLinesWhenAFolderHasAMistake(String mistake) throws Exception {
        // Given
        Path folder = FIXTURES.resolve(mistake);
        List<String> findings = Files.readAllLines(folder.resolve("findings.txt"));

        // When
        int exitCode = drover("run", "--drain", "--routes", folder.toString());

        // Then
        assertThat(lines(err, folder)).isEqualTo(findings);
        assertThat(lines(out, folder)).isEmpty();
        assertThat(exitCode).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan --limit 1", "doctor"})
    void shouldRefuseWithTheSameLineWhenCamelCannotLoadTheRoutes(String command) throws Exception {
        // Given
        Path folder = FIXTURES.resolve("option-in-uri-and-parameters");

        // When
        int exitCode = drover((command + " --routes " + folder).split(" "));

        // Then
        assertThat(lines(err, folder))
                .singleElement()
                .isEqualTo("drover: "
                        + Files.readString(folder.resolve("findings.txt")).strip());
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void shouldPrintPlaceAndMessageWhenAskedForJson() throws Exception {
        // Given
        Path folder = FIXTURES.resolve("stop-on-exception");

        // When
        drover("lint", "--json", "--routes", folder.toString());

        // Then
        JsonNode finding = new ObjectMapper().readTree(out.toString()).get(0);
        assertThat(finding.path("file").asText()).isEqualTo(folder + "/orders.camel.yaml");
        assertThat(finding.path("line").asInt()).isEqualTo(21);
        assertThat(finding.path("key").asText()).isEqualTo("stopOnException");
        assertThat(finding.path("message").asText()).contains("remove it");
    }

    @Test
    void shouldNameTheFolderWhenItIsNotThere() {
        // When
        int exitCode = drover("lint", "--routes", "no/such/folder");

        // Then
        assertThat(err.toString().lines())
                .containsExactly("drover: --routes: no/such/folder is not a folder that can be read");
        assertThat(exitCode).isEqualTo(2);
    }

    private int drover(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static List<String> lines(StringWriter printed, Path folder) {
        return printed.toString()
                .lines()
                .map(line -> line.replace(folder + "/", ""))
                .toList();
    }
}
