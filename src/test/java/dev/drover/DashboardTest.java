package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dashboard, the alert rules and the page name the metrics that a running pipeline has, and all of them. */
@Integration
class DashboardTest {

    private static final Pattern METRIC = Pattern.compile("\\b(?:drover|jvm|process)_[a-z_]+");

    private static Scrape scrape;

    @BeforeAll
    static void run() {
        ManagementPort port = new ManagementPort();
        try (Receiver receiver = Receiver.start("id");
                Drover drover = port.of(Drover.reading(Database.h2().orders(1, 100)))) {
            receiver.fails(Fault.respond(503).times(1));
            drover.file(RouteFile.of("routes/orders.camel.yaml"))
                    .sendingTo(receiver)
                    .sizes(100, 50, 1000)
                    .start();
            drover.awaitSettled();
            await().atMost(Duration.ofSeconds(30)).until(() -> scrape(port).has("drover_ready"));
            scrape = scrape(port);
        }
    }

    @AfterAll
    static void forget() {
        scrape = new Scrape("");
    }

    private static Scrape scrape(ManagementPort port) {
        return new Scrape(port.get("/observe/metrics").body());
    }

    @Test
    void shouldHaveEveryMetricThatTheDashboardShows() throws Exception {
        // Given
        Set<String> shown = expressions(new ObjectMapper().readTree(dashboard().toFile()));

        // Then
        assertThat(shown).hasSizeGreaterThan(15);
        assertThat(scrape.names()).containsAll(shown);
    }

    @Test
    void shouldHaveEveryMetricThatAnAlertAsksFor() throws Exception {
        // Given
        Set<String> asked = expressions(new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("src/main/grafana/alerts.yaml").toFile()));

        // Then
        assertThat(asked).hasSizeGreaterThan(4);
        assertThat(scrape.names()).containsAll(asked);
    }

    @Test
    void shouldShowEveryMetricOfOurs() throws Exception {
        // Given
        Set<String> shown = named(Files.readString(dashboard()));

        // Then
        assertThat(shown.stream().map(DashboardTest::family)).containsAll(ours());
    }

    @Test
    void shouldTellOfEveryMetricOfOursAndOfNoOther() throws Exception {
        // Given
        Set<String> told = named(Files.readString(Path.of("src/site/markdown/observe.md"))).stream()
                .filter(name -> name.startsWith("drover_"))
                .map(DashboardTest::family)
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(told).isEqualTo(ours());
    }

    private static Path dashboard() {
        return Path.of("src/main/grafana/drover.json");
    }

    private static Set<String> ours() {
        return scrape.names().stream()
                .filter(name -> name.startsWith("drover_"))
                .map(DashboardTest::family)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A histogram has several samples. */
    private static String family(String sample) {
        return sample.replaceFirst("_seconds_(bucket|count|sum|max)$", "_seconds");
    }

    private static Set<String> expressions(JsonNode root) throws IOException {
        return root.findValuesAsText("expr").stream()
                .flatMap(expression -> named(expression).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named(String text) {
        Set<String> names = new TreeSet<>();
        Matcher metric = METRIC.matcher(text);
        while (metric.find()) {
            names.add(metric.group());
        }
        return names;
    }
}
