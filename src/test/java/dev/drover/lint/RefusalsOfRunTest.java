package dev.drover.lint;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the start of {@code run} refuses because of the files, fed to {@code lint}: both must say the same lines. What a
 * check finds is the same by construction, since both call it; here are the exceptions of everything else, and the last
 * test holds the list of them complete.
 */
class RefusalsOfRunTest {

    private static final Path TABLE = Path.of("src/test/routes/refusals");
    private static final Path MAIN = Path.of("src/main/java/dev/drover");

    /** They have no part in the start of {@code run}. */
    private static final Pattern OTHER_WORK = Pattern.compile("/(cli|console|audit|plan|doctor|routetest)/");

    private static final Pattern THROWN = Pattern.compile(
            "new (?:Option|BadInput|IllegalArgument|SimpleIllegalSyntax)Exception\\(((?:[^;\"]|\"(?:\\\\.|[^\"\\\\])*\")*);");

    private static final Pattern LITERAL = Pattern.compile("\"((?:\\\\.|[^\"\\\\])*)\"");

    private static final String ROUTE =
            """
            - route:
                id: NAME
                routeConfigurationId: records
                from:
                  uri: pages
                  parameters:
                    OPTION
                    name: NAME
                    key: id
                    table: orders
                    consistency: STATIC
                  steps:
                    - split:
                        simple: "${body}"
                        streaming: true
                        onPrepare: "#page"
                        aggregationStrategy: "#page"
                        steps:
                          - to:
                              uri: kamelet:drover-delivery-sink
                              parameters:
                                url: http://localhost:1/orders
            """;

    @TempDir
    Path folder;

    /** A row of a table: what is written, and what is said of it. */
    record Row(String written, String said) {

        @Override
        public String toString() {
            return written;
        }
    }

    static List<Row> rows(String table) throws IOException {
        return Files.readAllLines(TABLE.resolve(table)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" +\\| ", 2))
                .map(parts -> new Row(parts[0].strip(), parts[1].strip()))
                .toList();
    }

    static List<Row> alone() throws IOException {
        return rows("alone.txt");
    }

    static Stream<Row> someAlone() throws IOException {
        List<Row> rows = alone();
        return IntStream.range(0, rows.size()).filter(i -> i % 8 == 0).mapToObj(rows::get);
    }

    @Test
    void shouldSayTheSameOfEachOption() throws IOException {
        // Given
        List<Row> rows = rows("options.txt");
        StringBuilder routes = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            String option = rows.get(i).written();
            String own = option.contains("consistency:") ? "consistency:" : option.replaceFirst(":.*", ":");
            routes.append(ROUTE.replaceAll(" +" + own + " .*\n", "")
                    .replace("OPTION", option.replace("~", "\n        "))
                    .replace("NAME", "p" + i));
        }
        write(routes.toString(), "");

        // When
        List<String> linted = drover("lint");
        List<String> refused = drover("run", "--drain");

        // Then
        assertThat(linted.subList(1, linted.size())).hasSameSizeAs(rows).allMatch(line -> rows.stream()
                .anyMatch(row -> line.contains(row.said())));
        assertThat(refused).isEqualTo(linted);
    }

    @Test
    void shouldSayTheSameOfEachSetting() throws IOException {
        // Given
        List<Row> rows = rows("settings.txt");
        write(
                ROUTE.replace("        OPTION\n", ""),
                rows.stream().map(Row::written).collect(joining("\n")));

        // When
        List<String> linted = drover("lint");
        List<String> refused = drover("run", "--drain");

        // Then
        assertThat(linted)
                .containsExactlyElementsOf(
                        Stream.concat(Stream.of("2"), rows.stream().map(Row::said))
                                .toList());
        assertThat(refused).isEqualTo(linted);
    }

    @ParameterizedTest
    @MethodSource("someAlone")
    void shouldSayTheSameWhenOneMistakeHidesAnother(Row row) throws IOException {
        assertSame(row);
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("alone")
    void shouldSayTheSameWhateverTheMistakeIs(Row row) throws IOException {
        assertSame(row);
    }

    @Test
    void shouldKnowEachRefusalOfTheProgram() throws IOException {
        // Given
        List<Row> elsewhere = rows("elsewhere.txt");
        String said = Stream.concat(
                        files(Path.of("src/test/routes")),
                        Stream.of(
                                Path.of("src/test/java/dev/drover/BrokenRoutesTest.java"),
                                Path.of("src/test/java/dev/drover/LintTest.java")))
                .filter(file -> !file.endsWith("elsewhere.txt"))
                .map(RefusalsOfRunTest::text)
                .collect(joining());

        // When
        List<String> unknown = files(MAIN)
                .filter(file -> !OTHER_WORK.matcher(file.toString()).find())
                .flatMap(file ->
                        THROWN.matcher(text(file)).results().map(site -> MAIN.relativize(file) + ": " + words(site)))
                .filter(site -> !said.contains(site.replaceFirst(".*?: ", "")))
                .distinct()
                .sorted()
                .toList();

        // Then
        assertThat(unknown)
                .containsExactlyElementsOf(elsewhere.stream().map(Row::written).toList());
    }

    /** The longest text of its message. */
    private static String words(MatchResult site) {
        return LITERAL.matcher(site.group(1))
                .results()
                .map(literal -> literal.group(1)
                        .replace("\\\"", "\"")
                        .replaceFirst("^\\w+: ", "")
                        .strip())
                .reduce((one, two) -> two.length() > one.length() ? two : one)
                .orElse(site.group(1).replaceAll("\\s+", " "));
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertSame(Row row) throws IOException {
        // Given
        String written = row.written();
        boolean setting = written.matches("[a-zA-Z.]+ = .*");
        write(
                setting ? ROUTE.replace("        OPTION\n", "").replace("NAME", "orders") : routes(written),
                setting ? written : "");

        // When
        List<String> linted = drover("lint");
        List<String> refused = drover("run", "--drain");

        // Then
        assertThat(linted).containsExactly("2", row.said());
        assertThat(refused).isEqualTo(linted);
    }

    /** The route with a bean beside it, with a step inside its split, or with a step that reads. */
    private static String routes(String mistake) {
        String right = ROUTE.replace("        OPTION\n", "").replace("NAME", "orders");
        if (mistake.startsWith("type: ")) {
            return right + "- beans:\n    - name: x\n      " + mistake.replace("~", "\n      ");
        }
        String steps = "              - to:\n                  uri: kamelet:";
        if (mistake.startsWith("- ")) {
            return right.replace(steps, "              " + mistake.replace("~", "\n                ") + "\n" + steps);
        }
        return right.replaceFirst(" +table: orders\n", "")
                .replaceFirst(
                        "consistency: STATIC\n      steps:\n",
                        Matcher.quoteReplacement(
                                mistake.replace("~-", "\n      steps:\n        -")
                                                .replace("~", "\n        ") + "\n"));
    }

    private void write(String routes, String settings) throws IOException {
        Files.writeString(folder.resolve("orders.camel.yaml"), routes);
        Files.writeString(
                folder.resolve("application.properties"),
                settings
                        + Stream.of("source", "store")
                                .filter(database -> !settings.contains("drover." + database + ".url"))
                                .map(database -> "\ndrover." + database + ".url = jdbc:h2:mem:refusals-" + database)
                                .collect(joining()));
    }

    /** The exit code, and what was refused. */
    private List<String> drover(String... command) {
        StringWriter said = new StringWriter();
        PrintWriter both = new PrintWriter(said, true);
        String[] arguments = Stream.concat(Arrays.stream(command), Stream.of("--routes", folder.toString()))
                .toArray(String[]::new);
        int exitCode = Main.commandLine().setOut(both).setErr(both).execute(arguments);
        return Stream.concat(
                        Stream.of(String.valueOf(exitCode)), said.toString().lines())
                .filter(line -> !line.startsWith("note: "))
                .map(line -> line.replace(folder + "/", "").replace(folder.toString(), "FOLDER"))
                .toList();
    }
}
