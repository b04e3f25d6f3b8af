package dev.drover.editor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpServer;
import dev.drover.folder.RoutesFolder;
import dev.drover.lint.FolderCheck;
import dev.drover.testing.Browser;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kaoto's own user interface draws the routes; what it writes after an edit is linted and run. */
@Tag("full")
@Integration
class KaotoTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path EDITOR = Path.of("target/kaoto");
    private static final String QUERY =
            "SELECT quantity, id FROM orders WHERE id > :#${variable.after} AND id <= :#${variable.upTo} ORDER BY id LIMIT :#${variable.pageSize}";
    private static final String FOLLOW = "route.from";
    private static final Path PICTURES = EDITOR.resolve("pictures");

    private static HttpServer server;
    private static Browser browser;

    /** The first time, it downloads Kaoto and builds its page, which takes minutes. */
    @BeforeAll
    static void build() throws Exception {
        assumeTrue(Browser.executable().isPresent(), "Kaoto is tried in Chromium, which is not installed here");
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":")).anyMatch(bin -> Files.isExecutable(Path.of(bin, "npm"))),
                "Kaoto comes by npm, which is not installed here");
        if (!Files.exists(EDITOR.resolve("dist/index.html"))) {
            Files.createDirectories(EDITOR);
            try (Stream<Path> files = Files.list(Path.of("src/test/kaoto"))) {
                for (Path file : files.toList()) {
                    Files.write(EDITOR.resolve(file.getFileName()), Files.readAllBytes(file));
                }
            }
            KaotoCatalog.run(EDITOR, "npm", "install", "--legacy-peer-deps", "--ignore-scripts", "--no-audit");
            KaotoCatalog.run(EDITOR, "npx", "vite", "build");
        }
        KaotoCatalog.make(EDITOR.resolve("catalog"));
        Files.createDirectories(PICTURES);
        server = KaotoCatalog.serve(EDITOR, 0);
        browser = Browser.open(Browser.executable().orElseThrow()).size(1200, 800);
        browser.go(
                "http://127.0.0.1:" + server.getAddress().getPort() + "/dist/index.html?catalog=/catalog/index.json");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> browser.value("window.ready === true").asBoolean());
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
            server.stop(0);
        }
    }

    /** The beans have a page of their own, without a picture. */
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("beans.camel.yaml")
                            && !file.toString().endsWith(".test.yaml"))
                    .sorted(Comparator.comparing(KaotoTest::isKamelet).thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    private static boolean isKamelet(Path file) {
        return file.startsWith(Path.of("routes/kamelets"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldShowEachLabelInFullAndStayRightWhenAStepIsDescribed(Path file, @TempDir Path folder) throws IOException {
        // Given
        open(file);

        // Then
        assertThat(labels().stream()
                        .filter(label -> label.path("cut").asBoolean())
                        .toList())
                .isEmpty();
        assertThat(labels())
                .extracting(label -> label.path("text").asText())
                .doesNotContain("from: Unknown")
                .isNotEmpty();

        // When
        select(
                "[data-testid^=\"template.from.steps\"], [data-testid^=\"route.from\"], [data-testid^=\"routeConfiguration\"]");
        all();
        fill("#.description", "Edited here");

        // Then
        String edited = textWith("Edited here");
        assertThat(same(YAML.readTree(edited))).isEqualTo(same(YAML.readTree(file.toFile())));
        if (!isKamelet(file)) {
            Files.writeString(folder.resolve(file.getFileName()), edited);
            Files.copy(Path.of("routes/application.properties"), folder.resolve("application.properties"));
            assertThat(new FolderCheck(RoutesFolder.open(folder), new Properties()).files())
                    .isEmpty();
        }
    }

    @Test
    void shouldRunWhatItWritesWhenEachStepOfTheShortFormIsEdited() throws IOException {
        // Given
        open(Path.of("routes/examples/short.camel.yaml"));
        browser.picture(PICTURES.resolve("kaoto-short.png"));

        // When
        select(FOLLOW);
        all();
        browser.picture(PICTURES.resolve("kaoto-form.png"));
        fill("#.parameters.pageSize", "50");
        textWith("pageSize: 50");
        edit("route.from.steps.0.validate", "simple.expression", "${body[quantity]} >= 0");
        edit("route.from.steps.1.to", "#.parameters.batchSize", "7");
        filter("route.from.steps.0.validate", "short|route.from.steps.0.filter", "${body[id]} <= 30");

        // Then
        assertThat(delivered("short.camel.yaml", textWith("<= 30"))).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claim", "lag", "static"})
    void shouldRunWhatItWritesWhenTheParametersOfAKameletAreEdited(String source) throws IOException {
        // Given
        String name = source + ".camel.yaml";
        open(name, Files.readString(Path.of("routes/examples/short.camel.yaml")).replace("follow", source));

        // When
        select(FOLLOW);
        all();
        fill("#.parameters.pageSize", "50");
        fill("#.parameters.delay", "100");
        textWith("delay: ");

        // Then
        assertThat(delivered(name, textWith("pageSize: 50"))).isEqualTo(100);
    }

    @Test
    void shouldRunWhatItWritesWhenEachStepOfTheLongFormIsEdited() throws IOException {
        // Given
        open(Path.of("routes/orders.camel.yaml"));
        browser.picture(PICTURES.resolve("kaoto-orders.png"));

        // When
        edit(FOLLOW, "#.parameters.delay", "100");
        edit("orders|route.from.steps.1.split|drag-handle", "#.description", "Records");
        edit("orders|route.from.steps.1.split.steps.0.aggregate|drag-handle", "#.completionSize", "7");
        edit("route.from.steps.0.to", "#.parameters.query", QUERY);
        edit("route.from.steps.0.setHeader", "#.name", "X-Key");
        edit("route.from.steps.1.marshal", "#.description", "As JSON");
        edit("route.from.steps.2.to", "#.description", "Post it");
        edit("route.from.steps.3.bean", "#.description", "Settle it");
        filter(
                "orders|route.from.steps.1.split.steps.0.aggregate",
                "orders|route.from.steps.1.split.steps.0.filter",
                "${body[id]} <= 30");

        // Then
        assertThat(delivered("orders.camel.yaml", textWith("<= 30"))).isEqualTo(30);
    }

    /** Changes one field of a step. */
    private static void edit(String step, String field, String value) {
        select(step);
        all();
        fill(field, value);
        textWith(value.substring(0, Math.min(value.length(), 20))); // Kaoto folds a long text
    }

    private static int delivered(String name, String text) {
        Database source = Database.h2().orders(1, 100);
        source.run("ALTER TABLE orders ADD (claim_token VARCHAR(40), claimed_until TIMESTAMP WITH TIME ZONE,"
                + " settled_at TIMESTAMP WITH TIME ZONE)");
        try (Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(source)) {
            drover.file(new RouteFile(name, text))
                    .sendingTo(receiver)
                    .draining()
                    .checked()
                    .run();
            return receiver.accepted().size();
        }
    }

    private static void open(Path file) throws IOException {
        open(file.getFileName().toString(), Files.readString(file));
    }

    private static void open(String name, String text) throws IOException {
        run("window.opened = false; editor.setContent(" + JSON.writeValueAsString(name) + ", "
                + JSON.writeValueAsString(text) + ").then(() => window.opened = true)");
        await().until(() -> browser.value("window.opened").asBoolean());
        await().atMost(Duration.ofMinutes(1)).until(() -> !labels().isEmpty());
        pause();
    }

    private static List<JsonNode> labels() {
        JsonNode labels = browser.value(
                "[...document.querySelectorAll('.custom-node__label__text span')].map(label => ({text: label.textContent, cut: label.scrollWidth > label.clientWidth + 1}))");
        return Stream.iterate(0, i -> i < labels.size(), i -> i + 1)
                .map(labels::get)
                .toList();
    }

    /** Puts a filter before a step, as a user does: by the menu of the step and the catalog. */
    private static void filter(String step, String box, String condition) {
        mouse("[data-testid=\"" + step + "\"]", "contextmenu");
        mouse("[data-testid=context-menu-item-prepend] button", "click");
        await().until(() -> browser.has(".pf-v6-c-modal-box input[type=text]"));
        set(".pf-v6-c-modal-box input[type=text]", "filter");
        await().until(() -> browser.has("[data-testid=tile-header-filter]"));
        mouse("[data-testid=tile-header-filter]", "click");
        textWith("filter:");
        select("[data-testid=\"" + box + "|drag-handle\"]");
        fill("simple.expression", condition);
    }

    private static void select(String selector) {
        String found = selector.startsWith("[") ? selector : "[data-testid=\"" + selector + "\"]";
        await().until(() -> browser.has(found));
        mouse(found, "mousedown", "mouseup", "click");
        await().until(() -> browser.has("[data-testid=close-side-bar]"));
        pause();
    }

    /** Shows the settings that are seldom used, too. */
    private static void all() {
        mouse("button[id*=All]", "click");
        pause();
    }

    private static void fill(String name, String value) {
        await().until(() -> browser.has("[name=\"" + name + "\"]"));
        set("[name=\"" + name + "\"]", value);
        pause();
    }

    private static String textWith(String part) {
        await().atMost(Duration.ofSeconds(30)).until(() -> text().contains(part));
        return text();
    }

    private static String text() {
        run("editor.getContent().then(text => window.text = text)");
        pause();
        return browser.value("window.text").asText();
    }

    private static void mouse(String selector, String... events) {
        run(
                "{ const e = document.querySelector(" + JSON.valueToTree(selector)
                        + "); const r = e.getBoundingClientRect(); for (const t of " + JSON.valueToTree(events)
                        + ") e.dispatchEvent(new MouseEvent(t, {bubbles: true, cancelable: true, view: window, clientX: r.x + r.width / 2, clientY: r.y + r.height / 2})) }");
        pause();
    }

    /** Types a text, so that React sees it. */
    private static void set(String selector, String value) {
        run("{ const e = document.querySelector(" + JSON.valueToTree(selector)
                + "); Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value').set.call(e, "
                + JSON.valueToTree(value) + "); e.dispatchEvent(new Event('input', {bubbles: true})) }");
    }

    private static void run(String script) {
        browser.value(script);
    }

    /** What was clicked is drawn in a later frame. */
    private static void pause() {
        try {
            Thread.sleep(700);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Without the descriptions, and without what Kaoto adds to the call of a Kamelet: empty parameters, or name and id.
     */
    private static JsonNode same(JsonNode tree) {
        tree.forEach(KaotoTest::same);
        if (tree instanceof ObjectNode object) {
            object.remove(List.of("description", "templateId", "routeId"));
            if (object.path("parameters").isEmpty()) {
                object.remove("parameters");
            }
        }
        return tree;
    }
}
