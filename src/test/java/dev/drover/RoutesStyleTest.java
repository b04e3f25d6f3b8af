package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.drover.folder.RoutesFolder;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Integration;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.events.CommentEvent;

/** Every route file opens in a visual editor, survives its save as a small diff, and runs. */
@Integration
class RoutesStyleTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema CAMEL = camelSchema();

    /** Kaoto cuts a longer one off. */
    private static final int LONGEST_DESCRIPTION = 18;

    private static final Path KAMELETS = Path.of("routes/kamelets"); // KameletsTest looks at their forms
    private static final String KEY = "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    private static final Pattern KEBAB_CASE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern CAMEL_CASE = Pattern.compile("[a-z][A-Za-z0-9]*");
    private static final Pattern PLAIN_URI = Pattern.compile("(kamelet:)?[a-z][a-z-]*|\\{\\{[a-z][A-Za-z.]*}}");
    private static final List<String> ENTITIES = List.of("routeConfiguration", "route", "beans");
    private static final List<String> EXPRESSIONS =
            List.of("simple", "constant", "method", "exchangeProperty", "header");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            return files
                    .filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .filter(file ->
                            !file.startsWith(KAMELETS) && !file.toString().endsWith(".test.yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** The short form shows how little is needed: there Kamelets show their titles, and Camel names the nodes. */
    static Stream<Path> drawnFiles() throws IOException {
        try (Stream<Path> kamelets = Files.list(KAMELETS)) {
            return Stream.concat(
                    files().filter(file -> !file.endsWith("short.camel.yaml")), kamelets.toList().stream());
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldOpenAsCamelRoutesWhenAnEditorLooksAtThePath(Path file) {
        assertThat(file.getFileName().toString()).matches("[a-z0-9]+(-[a-z0-9]+)*\\.camel\\.yaml");
        assertThat(file.toString()).doesNotContain(".pipe", ".kamelet", ".integration");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldLoseNothingWhenAnEditorDropsTheComments(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setProcessComments(true);

        assertThat(new Yaml(options).parse(new StringReader(Files.readString(file))))
                .noneMatch(CommentEvent.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldKeepItsOrderWhenAnEditorSavesIt(Path file) throws IOException {
        List<Integer> order = new ArrayList<>();
        for (JsonNode entity : read(file)) {
            assertThat(entity.size()).isEqualTo(1);
            String kind = entity.fieldNames().next();
            assertThat(ENTITIES).contains(kind);
            order.add(ENTITIES.indexOf(kind));
        }

        assertThat(order).isSorted();
    }

    @ParameterizedTest
    @MethodSource("drawnFiles")
    void shouldShowANameAndAShortDescriptionWhenEveryNodeIsDrawn(Path file) throws IOException {
        List<String> unnamed = nodes(file).stream()
                .filter(node -> !KEBAB_CASE.matcher(text(node, "id")).matches())
                .map(JsonNode::toString)
                .toList();
        List<String> undescribed = nodes(file).stream()
                .filter(node -> text(node, "description").isBlank()
                        || text(node, "description").length() > LONGEST_DESCRIPTION
                        || text(node, "description").endsWith("."))
                .map(node -> text(node, "id") + ": '" + text(node, "description") + "'")
                .toList();

        assertThat(unnamed).isEmpty();
        assertThat(undescribed).isEmpty();
    }

    @Test
    void shouldRunTogetherWhenFilesAreMixedInOneFolder() throws IOException {
        List<String> ids = new ArrayList<>();
        for (Path file : files().toList()) {
            nodes(file).forEach(node -> ids.add(node.path("id").asText()));
        }
        ids.removeIf(String::isEmpty);

        assertThat(ids).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldKeepItsKeysWhenAnEditorCamelizesThem(Path file) throws IOException {
        assertThat(keys(read(file))).allMatch(CAMEL_CASE.asMatchPredicate());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldStayAsItIsWhenAnEditorWritesTheLongForm(Path file) throws IOException {
        List<String> shortForms = new ArrayList<>();
        for (JsonNode object : objects(read(file))) {
            if (object.has("uri") && !PLAIN_URI.matcher(text(object, "uri")).matches()) {
                shortForms.add("uri: " + text(object, "uri"));
            }
            object.path("steps").forEach(step -> {
                if (!step.isObject() || !step.elements().next().isObject()) {
                    shortForms.add("step: " + step);
                }
            });
            EXPRESSIONS.stream()
                    .filter(object::has)
                    .filter(language ->
                            !object.has("ref") && !object.get(language).isObject())
                    .forEach(language -> shortForms.add(language + ": " + object.get(language)));
        }

        assertThat(shortForms).isEmpty();
    }

    /** Camel hands the limit of the clause that handled the failure before down to a clause that has none. */
    @ParameterizedTest
    @MethodSource("files")
    void shouldNeverRetryByChanceWhenOneFailureFollowsAnother(Path file) throws IOException {
        List<String> withoutLimit = new ArrayList<>();
        List<String> thatHoldAStop = new ArrayList<>();
        objects(read(file)).stream().filter(object -> object.has("exception")).forEach(clause -> {
            JsonNode policy = clause.path("redeliveryPolicy");
            if (!policy.has("maximumRedeliveries")) {
                withoutLimit.add(text(clause, "id"));
            } else if (policy.get("maximumRedeliveries").asInt() != 0
                    && policy.path("allowRedeliveryWhileStopping").asBoolean(true)) {
                thatHoldAStop.add(text(clause, "id"));
            }
        });

        assertThat(withoutLimit).isEmpty();
        assertThat(thatHoldAStop).isEmpty();
    }

    /** Camel reads a placeholder wherever its schema asks for a number. */
    @ParameterizedTest
    @MethodSource("files")
    void shouldBeValidWhenReadWithTheSchemaOfCamel(Path file) throws IOException {
        assertThat(CAMEL.validate(read(file)))
                .filteredOn(error -> !error.getInstanceNode().asText().matches("\\{\\{.*}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldRunWhenItIsInAFolderOfItsOwn(Path file, @TempDir Path folder) throws Exception {
        Files.copy(file, folder.resolve(file.getFileName()));
        Files.copy(Path.of("routes/examples/order.schema.json"), folder.resolve("order.schema.json"));
        RoutesFolder alone = RoutesFolder.open(folder);
        Main camel = main(alone);
        boolean needsOtherSource = Files.readString(file).contains("drover-changes-source");
        List<String> routes = new ArrayList<>();
        read(file).forEach(entity -> routes.add(entity.path("route").path("id").asText()));
        routes.removeIf(String::isEmpty);

        try {
            camel.start();

            assertThat(camel.getCamelContext().getRoutes())
                    .extracting(route -> route.getRouteId())
                    .containsAll(routes);
            Collection<Pipeline> pipelines = camel.getCamelContext()
                    .getComponent("pages", PagesComponent.class)
                    .pipelines();
            if (!needsOtherSource) {
                assertThat(pipelines).allSatisfy(RoutesStyleTest::hasReadTheEmptyTable);
            }
        } finally {
            camel.stop();
        }
    }

    private static void hasReadTheEmptyTable(Pipeline pipeline) {
        await().until(() -> pipeline.drained()
                || pipeline.state() == Pipeline.State.HALTED
                || pipeline.keptFromReading().isPresent());
        assertThat(pipeline.state()).isNotEqualTo(Pipeline.State.HALTED);
        assertThat(pipeline.reading().unreadable()).isEmpty();
    }

    private static Main main(RoutesFolder folder) throws IOException {
        Main camel = LoadedRoutes.camel(folder);
        settings().forEach(camel::addOverrideProperty);
        return camel;
    }

    /** Empty tables, and a value for every address that some file asks for. */
    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new HashMap<>();
        Pattern address = Pattern.compile("\\{\\{(drover\\.[a-z]+\\.url)}}");
        for (Path file : files().toList()) {
            address.matcher(Files.readString(file))
                    .results()
                    .forEach(found -> settings.put(found.group(1), "http://127.0.0.1:1/"));
        }
        String memory = "jdbc:h2:mem:" + UUID.randomUUID();
        settings.put("drover.store.url", memory + ";DB_CLOSE_DELAY=-1");
        settings.put(
                "drover.source.url",
                memory + "-source;DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
                        + ";INIT=CREATE TABLE IF NOT EXISTS users (" + KEY + ", name VARCHAR, email VARCHAR)\\;"
                        + "CREATE TABLE IF NOT EXISTS outbox (" + KEY + ", topic VARCHAR, payload VARCHAR,"
                        + " claim_token VARCHAR, claimed_until TIMESTAMP WITH TIME ZONE, settled_at TIMESTAMP WITH TIME ZONE)\\;"
                        + "CREATE TABLE IF NOT EXISTS orders (" + KEY + ", customer VARCHAR, product VARCHAR,"
                        + " quantity INT, amount NUMERIC(12, 2), ordered_at TIMESTAMP)");
        settings.put("drover.kafka.brokers", "127.0.0.1:1");
        settings.put("camel.server.enabled", "true");
        settings.put("camel.server.host", "127.0.0.1");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("camel.server.port", Integer.toString(free.getLocalPort()));
        }
        return settings;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }

    private static JsonNode read(Path file) throws IOException {
        return YAML.readTree(file.toFile());
    }

    /** What an editor draws or lists: routes, their start and steps, the branches of a step, error clauses. */
    private static List<JsonNode> nodes(Path file) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (JsonNode object : objects(read(file))) {
            Stream.of("routeConfiguration", "route", "from", "otherwise")
                    .filter(object::has)
                    .forEach(name -> nodes.add(object.get(name)));
            object.path("steps").forEach(step -> nodes.add(step.elements().next()));
            object.path("when").forEach(nodes::add);
            if (object.path("onException").isObject()) {
                nodes.add(object.get("onException"));
            }
        }
        return nodes;
    }

    private static List<JsonNode> objects(JsonNode tree) {
        List<JsonNode> objects = new ArrayList<>();
        if (tree.isObject()) {
            objects.add(tree);
        }
        tree.forEach(child -> objects.addAll(objects(child)));
        return objects;
    }

    private static List<String> keys(JsonNode tree) {
        List<String> keys = new ArrayList<>();
        objects(tree).forEach(object -> object.fieldNames().forEachRemaining(keys::add));
        return keys;
    }

    private static JsonSchema camelSchema() {
        try (InputStream schema =
                RoutesStyleTest.class.getClassLoader().getResourceAsStream("schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
        } catch (IOException e) {
            throw new IllegalStateException("Camel's schema cannot be read", e);
        }
    }
}
