package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
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

/** {@code drover test}: the tests of the examples, and what it says of tests that are wrong. */
@Integration
class RouteTestsTest {

    private static final String EXAMPLE = "routes/examples/tests/short.test.yaml";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void shouldPassWhenTheExamplesDoWhatTheirTestsExpect() throws Exception {
        // When
        Path report = folder.resolve("report.xml");
        int code = drover("test", "--routes", "routes/examples", "--junit", report.toString());

        // Then
        assertThat(out.toString())
                .contains("passed short", "passed shapes", " tests, 0 failed")
                .doesNotContain("FAILED");
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(report)
                .content()
                .contains("<testcase classname=\"routes\" name=\"short\" time=\"", "failures=\"0\"");
    }

    @Test
    void shouldHaveATestWhenAnExampleRunsOnH2AndWithoutABroker() throws Exception {
        // Given
        List<String> others = List.of("kafka-forwarder", "kafka-reader", "put-or-delete", "search-index");

        // Then
        assertThat(names("routes/examples", ".camel.yaml"))
                .hasSizeGreaterThan(30)
                .containsAll(others)
                .filteredOn(name -> !others.contains(name))
                .isEqualTo(names("routes/examples/tests", ".test.yaml"));
        assertThat(Path.of("src/site/markdown/operations.md"))
                .content()
                .contains("(`" + String.join("`, `", others.subList(2, 4)) + "`)")
                .contains("(`" + String.join("`, `", others.subList(0, 2)) + "`)");
    }

    private static List<String> names(String of, String ending) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(of))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldRunAtOnceWhenAPipelineHasASchedule() throws Exception {
        // Given
        Files.writeString(
                folder.resolve("nightly.camel.yaml"),
                Files.readString(Path.of("routes/examples/nightly.camel.yaml"))
                        .replace("* 22-23,0-5 * * * Europe/Berlin", "0 0 29 2 *"));
        test(Files.readString(Path.of("routes/examples/tests/nightly.test.yaml")));

        // When
        int code = drover("test", "--routes", folder.toString());

        // Then
        assertThat(out.toString()).contains("passed mine");
        assertThat(code).isZero();
    }

    @Test
    void shouldNameEachDifferenceWhenTheRoutesDoSomethingElse() throws Exception {
        // Given
        Path report = folder.resolve("report.xml");
        route("");
        test(Files.readString(Path.of(EXAMPLE))
                .replaceFirst("amount: 4.50}\n        - \\{id: 3", "amount: 4.51}\n        - {id: 3")
                .replaceFirst("  deadLetters:\n.*\n", "")
                .replace("{short: id=3}", "{short: id=2}")
                .replace("application/json}", "application/xml}"));

        // When
        int code = drover("test", "--routes", folder.toString(), "--junit", report.toString());

        // Then
        assertThat(out.toString().lines())
                .contains(
                        "FAILED mine",
                        "  checkpoint.short: expected \"id=2\", was \"id=3\"",
                        "  requests[0].body[0].amount: expected 4.51, was 4.50",
                        "  requests[0].headers.content-type: expected \"application/xml\", was \"application/json\"",
                        "1 test, 1 failed")
                .anyMatch(line -> line.startsWith("  deadLetters[0]: expected nothing, was {\"pipeline\":\"short\""));
        assertThat(code).isEqualTo(1);
        assertThat(report).content().contains("<failure message=", "failures=\"1\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    checkpoint: {short     | checkpoints: {short   | mine.test.yaml: checkpoints: is not known in expect, allowed are requests, deadLetters, checkpoint, halted; did you mean checkpoint
                    status: 503            | state: 503            | mine.test.yaml: state: is not known in service
                    schema: CREATE         | schema: [CREATE       | mine.test.yaml:3: is not valid YAML
                    amount: 9.99           | price: 9.99           | mine.test.yaml: the source cannot be filled: Column "price" not found
                    - status: 503          | status: 503            | mine.test.yaml: service: must be a list
                    status: 503            | status: abc            | mine.test.yaml: status: must be a number from 200 to 599
                    status: 503            | fault: closed          | mine.test.yaml: fault: must be close
                    - status: 503          | - 503                  | mine.test.yaml: service: must be a list of mappings
                    schema: CREATE         | schema: 1 # CREATE     | mine.test.yaml: schema: must be a text
                    {short: id=3}          | [short, id=3]          | mine.test.yaml: expect.checkpoint: must be a mapping
                    orders:                | - orders:              | mine.test.yaml: rows: must be a mapping
                    - {key: id=2           | {key: id=2             | mine.test.yaml: expect.deadLetters: must be a list
                    - path: /orders        | - /orders              | mine.test.yaml:13: is not valid YAML
                    [short.camel.yaml]     | [shor.camel.yaml]     | mine.test.yaml: routes: there is no file shor.camel.yaml in
                    """)
    void shouldRefuseATestThatIsNotOne(String right, String wrong, String message) throws Exception {
        // Given
        route("");
        String test = Files.readString(Path.of(EXAMPLE));
        assertThat(test).contains(right);
        test(test.replace(right, wrong));

        // When
        int code = drover("test", "--routes", folder.toString());

        // Then
        assertThat(err.toString()).contains(message).hasLineCount(1);
        assertThat(code).isEqualTo(2);
    }

    @Test
    void shouldRefuseRoutesThatWouldSendToAnotherService() throws Exception {
        // Given
        route("https://example.org/orders");
        test(Files.readString(Path.of(EXAMPLE)));

        // When
        int code = drover("test", "--routes", folder.toString());

        // Then
        assertThat(err.toString())
                .contains(
                        "short.camel.yaml:",
                        "https://example.org/orders is not the service of the test; make that address a setting");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void shouldSayAsLintDoesWhatIsWrongWithTheRoutes() throws Exception {
        // Given
        route("");
        Files.writeString(folder.resolve("broken.camel.yaml"), "- rout:\n    id: broken\n");
        test(Files.readString(Path.of(EXAMPLE)).replace("routes: [short.camel.yaml]\n", ""));

        // When
        int code = drover("test", "--routes", folder.toString());

        // Then
        assertThat(err.toString()).contains("broken.camel.yaml:1: rout: is not known");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void shouldSayWhereTestsAreLookedForWhenThereAreNone() throws Exception {
        // Given
        route("");

        // When
        int code = drover("test", "--routes", folder.toString());

        // Then
        assertThat(err.toString()).contains("tests is not a folder of tests that can be read");
        assertThat(code).isEqualTo(2);
    }

    /** The short example, with its address as it is or with another one. */
    private void route(String address) throws Exception {
        String route = Files.readString(Path.of("routes/examples/short.camel.yaml"));
        Files.writeString(
                folder.resolve("short.camel.yaml"),
                address.isEmpty() ? route : route.replace("{{drover.orders.url}}", address));
    }

    private void test(String text) throws Exception {
        Files.createDirectories(folder.resolve("tests"));
        Files.writeString(folder.resolve("tests/mine.test.yaml"), text);
    }

    private int drover(String... words) {
        return Main.commandLine(words)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
    }
}
