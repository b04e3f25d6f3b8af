package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code drover lint} and the start of {@code drover run} over folders with one mistake each. */
class LintTest {

    @TempDir
    Path folder;

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
                "host-underscore",
                "option-in-uri-and-parameters"
            })
    void shouldRefuseToRunWithTheSameLinesWhenAFolderHasAMistake(String mistake) throws Exception {
        // Given
        Path folder = FIXTURES.resolve(mistake);
        List<String> findings = Files.readAllLines(folder.resolve("findings.txt"));

        // When
        int exitCode = drover("run", "--drain", "--routes", folder.toString());

        // Then
        assertThat(lines(err, folder))
                .containsExactlyElementsOf(findings.stream()
                        .map(line -> line.replaceFirst("^note: ", ""))
                        .toList());
        assertThat(lines(out, folder)).isEmpty();
        assertThat(exitCode).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    - filter:                     | - bean:~ref: nope          | :10: bean: there is no bean 'nope'
                    - filter:                     | - bean:~ref: batch~method: nope | :10: bean: Method with name: nope
                    - filter:                     | - transform:~method: {ref: nope} | :10: transform: there is no bean 'nope'
                    - filter:                     | - setBody:~groovy: .id   | :10: setBody: No language could be found
                    - filter:                     | - setBody:~jq: '{id: .id'  | :11: jq: is not a jq expression: Encountered
                    - filter:                     | - unmarshal:~custom: {ref: nope} | :10: unmarshal: Cannot find data format
                    - filter:                     | - to: 'log:x?exchangeFormatter=#nope' | :10: to: there is no bean 'nope'
                    url: "{{drover.orders.url}}"  | url: "http://${body[id]}/x" | :16: url: the host comes from a record
                    groupBy: all                  | groupBy: "${boddy[customer]}" | :17: groupBy: Unknown function: boddy
                    groupBy: all                  | groupBy: "${body[customer]"  | :17: groupBy: expected symbol functionEnd
                    format: jackson               | format: nope                 | :18: format: Cannot find data format
                    outcome: outcome              | outcome: nope                | :19: outcome: there is no bean 'nope'
                    """)
    void shouldRefuseAtItsLineAsRunDoesWhenAStepCannotBeMade(String right, String wrong, String finding)
            throws Exception {
        // Given
        String route = Files.readString(FIXTURES.resolve("clean-short/short.camel.yaml"))
                .replaceFirst(" +httpMethod: .*\n", "");
        assertThat(route).contains(right);
        Files.writeString(
                folder.resolve("short.camel.yaml"),
                route.replace(
                        right,
                        right.startsWith("-") ? wrong.replace("~", "\n            ") + "\n        " + right : wrong));
        Files.writeString(
                folder.resolve("application.properties"),
                "drover.orders.url = http://localhost:1/orders\ndrover.source.url = jdbc:h2:mem:lint;INIT=CREATE TABLE IF NOT EXISTS orders"
                        + "(id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY)\ndrover.store.url = jdbc:h2:mem:linted");

        // When
        int linted = drover("lint", "--routes", folder.toString());
        int run = drover("run", "--drain", "--routes", folder.toString());

        // Then
        assertThat(lines(out, folder)).singleElement().asString().startsWith("short.camel.yaml" + finding);
        assertThat(err.toString()).isEqualTo(out.toString());
        assertThat(List.of(linted, run)).containsOnly(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lint", "run --drain"})
    void shouldRefuseSettingsThatBeginWithAByteOrderMark(String command) throws Exception {
        // Given
        Files.writeString(folder.resolve("orders.camel.yaml"), "[]");
        Files.writeString(folder.resolve("application.properties"), "\uFEFFdrover.source.url = jdbc:h2:mem:lint\n");

        // When
        int exitCode = drover((command + " --routes " + folder).split(" "));

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(out.toString() + err)
                .contains("application.properties:1: begins with a byte order mark, so that its first key");
    }

    @Test
    void shouldLoadTheRoutesWhenTheFolderIsASymbolicLink() throws Exception {
        // Given
        Path link = Files.createSymbolicLink(
                folder.resolve("routes"), FIXTURES.resolve("form-of-several").toAbsolutePath());
        List<String> findings = Files.readAllLines(link.resolve("findings.txt"));

        // When
        int exitCode = drover("lint", "--routes", link.toString());

        // Then
        assertThat(lines(out, link)).isEqualTo(findings);
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
                .isEqualTo(Files.readString(folder.resolve("findings.txt")).strip());
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
