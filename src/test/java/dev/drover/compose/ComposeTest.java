package dev.drover.compose;

import static dev.drover.compose.ComposeFile.FOLDER;
import static dev.drover.compose.ComposeFile.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.PostgresServer;
import dev.drover.cli.Main;
import dev.drover.testing.Integration;
import dev.drover.testing.ManagementPort;
import java.io.IOException;
import java.io.StringReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Integration
class ComposeTest {

    private static final Pattern SECRET = Pattern.compile(".*(PASSWORD|TOKEN|SECRET).*");
    private static final Pattern GIVEN = Pattern.compile("\\$\\{([A-Z_]+):\\?[^}]+}");

    /** Where something is asked for; an address without a host is one's own. */
    private static final Pattern ADDRESS = Pattern.compile("(?<=//|^|@)[a-z]+:[0-9]+");

    /** Where this machine alone reaches the port of a service. */
    private static final Pattern PUBLISHED = Pattern.compile("127\\.0\\.0\\.1:[0-9]+:([0-9]+)");

    @TempDir
    Path folder;

    private final ComposeFile compose = new ComposeFile();

    @Test
    void shouldNameAnImageAndItsVersionForEachService() {
        // Then
        assertThat(compose.services()).hasSize(7).allSatisfy((name, service) -> assertThat(
                        service.path("image").asText())
                .matches("[a-z/]+:v?[0-9]+(\\.[0-9]+)+"));
        assertThat(compose.service("receiver").path("image"))
                .isEqualTo(compose.service("reader").path("image"));
    }

    @Test
    void shouldMountOnlyWhatExists() {
        // When
        List<String> sources = compose.services().keySet().stream()
                .flatMap(service -> compose.mounts(service).values().stream())
                .toList();

        // Then
        assertThat(sources).hasSizeGreaterThan(10).allSatisfy(source -> {
            if (source.startsWith(".")) {
                assertThat(FOLDER.resolve(source)).isRegularFile();
            } else {
                assertThat(compose.volumes()).contains(source);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "forwarder"})
    void shouldSetOnlyWhatIsASetting(String service) throws IOException {
        // Given
        List<String> known = settings().stringPropertyNames().stream()
                .map(key -> key.toUpperCase(Locale.ROOT).replace('.', '_'))
                .flatMap(name -> Stream.of(name, name + "_FILE"))
                .toList();

        // Then
        assertThat(known).containsAll(compose.environment(service).keySet());
        assertThat(compose.environment(service)).containsEntry("DROVER_ROLE", service);
    }

    @Test
    void shouldTakeEverySecretFromTheFileBesideIt() throws IOException {
        // Given
        Properties example = new Properties();
        example.load(new StringReader(Files.readString(FOLDER.resolve("example.env"))));
        List<String> given = new ArrayList<>();

        // When
        compose.services().keySet().forEach(service -> compose.environment(service)
                .forEach((name, value) -> {
                    if (name.endsWith("_FILE")) {
                        assertThat(texts(compose.service(service).path("secrets")))
                                .contains(value.replaceFirst("^/run/secrets/", ""));
                        return;
                    }
                    Matcher matcher = GIVEN.matcher(value);
                    assertThat(matcher.matches())
                            .as(name)
                            .isEqualTo(SECRET.matcher(name).matches());
                    if (matcher.matches()) {
                        given.add(matcher.group(1));
                    }
                }));
        given.add(compose.variableOfSecret("drover-token"));

        // Then
        assertThat(example.stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(given.toArray(String[]::new)).distinct().toList());
        assertThat(example.values()).containsOnly("change-me");
        assertThat(Files.readAllLines(Path.of(".gitignore"))).contains(".env");
    }

    @Test
    void shouldAskOnlyWhereAServiceListens() throws IOException {
        // Given
        List<String> values = new ArrayList<>(List.of(
                ComposeFile.read("grafana-source.yaml").at("/datasources/0/url").asText()));
        compose.services()
                .keySet()
                .forEach(service -> values.addAll(compose.environment(service).values()));
        texts(compose.service("kafka").at("/healthcheck/test")).forEach(values::add);

        // When
        List<String> asked = values.stream()
                .flatMap(value -> ADDRESS.matcher(value).results())
                .map(found -> found.group())
                .distinct()
                .toList();

        // Then
        assertThat(asked)
                .contains("postgres:5432", "kafka:9092", "kafka:9093", "receiver:8080", "prometheus:9090")
                .allMatch(compose::listens);
        assertThat(texts(compose.service("receiver").path("entrypoint"))).contains("-Dcamel.server.port=8080");
        assertThat(compose.environment("kafka").get("KAFKA_LISTENERS")).contains("://:9092", "://:9093");
    }

    @Test
    void shouldPublishPortsToThisMachineOnlyWhereAServiceListens() throws IOException {
        // When
        List<String> published = compose.services().entrySet().stream()
                .flatMap(service -> texts(service.getValue().path("ports")).map(port -> {
                    Matcher matcher = PUBLISHED.matcher(port);
                    assertThat(matcher.matches()).as(port).isTrue();
                    return service.getKey() + ":" + matcher.group(1);
                }))
                .toList();

        // Then
        String management = settings().getProperty("drover.management.port");
        assertThat(published)
                .containsExactlyInAnyOrder("reader:" + management, "prometheus:9090", "grafana:3000")
                .allMatch(compose::listens);
        assertThat(compose.listens("forwarder:" + management)).isTrue();
    }

    @Test
    void shouldWaitOnlyForWhatSaysThatItIsWell() {
        // When
        Map<String, String> awaited = new TreeMap<>();
        compose.services().values().forEach(service -> service.path("depends_on")
                .properties()
                .forEach(other -> awaited.put(
                        other.getKey(), other.getValue().path("condition").asText())));

        // Then
        assertThat(awaited).hasSize(3).allSatisfy((other, condition) -> {
            assertThat(compose.services()).containsKey(other);
            assertThat(compose.service(other).at("/healthcheck/test").isMissingNode())
                    .as("%s is well", other)
                    .isEqualTo(!condition.equals("service_healthy"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "forwarder"})
    void shouldLintWhenItsRoutesAndSettingsAreTaken(String service) throws IOException {
        // Given
        List<String> words = texts(compose.service(service).path("command")).toList();
        String routes = "/app/" + words.get(words.indexOf("--routes") + 1) + "/";
        for (Map.Entry<String, String> mount : compose.mounts(service).entrySet()) {
            assertThat(mount.getKey()).startsWith(routes);
            Files.copy(
                    FOLDER.resolve(mount.getValue()),
                    folder.resolve(mount.getKey().substring(routes.length())));
        }
        Properties settings = new Properties();
        String secret = "7f9c2ba4e88f827d616045507605853e";
        compose.environment(service)
                .forEach((name, value) -> settings.setProperty(
                        name.replaceFirst("_FILE$", "").toLowerCase(Locale.ROOT).replace('_', '.'),
                        value.startsWith("$") || name.endsWith("_FILE") ? secret : value));
        try (var out = Files.newOutputStream(folder.resolve("application.properties"))) {
            settings.store(out, null);
        }

        // Then
        assertThat(Main.commandLine().parseArgs(words.toArray(new String[0])).hasSubcommand())
                .isTrue();
        assertThat(Main.commandLine().execute("lint", "--routes", folder.toString()))
                .isZero();
    }

    @Test
    void shouldAcceptABatchWhenTheReceiverIsStarted() throws Exception {
        // Given
        int port = new ManagementPort().number();
        List<String> command = texts(compose.service("receiver").path("entrypoint"))
                .map(word -> word.replace("/app/drover.jar", "target/drover.jar"))
                .map(word -> word.replace("port=8080", "port=" + port).replace("0.0.0.0", "127.0.0.1"))
                .toList();
        URI orders = URI.create("http://127.0.0.1:" + port + "/orders");
        HttpRequest batch = HttpRequest.newBuilder(orders)
                .POST(HttpRequest.BodyPublishers.ofString("[]"))
                .build();

        // When
        Process receiver = new ProcessBuilder(command).inheritIO().start();
        try {
            // Then
            await().atMost(Duration.ofMinutes(1))
                    .ignoreException(ConnectException.class)
                    .until(() -> HttpClient.newHttpClient()
                                    .send(batch, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
            assertThat(compose.environment("reader").get("DROVER_ORDERS_URL")).endsWith(orders.getPath());
        } finally {
            receiver.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "forwarder", "receiver"})
    void shouldNeedNoPrivilege(String service) throws IOException {
        // Given
        JsonNode container = compose.service(service);
        int shutdown = Integer.parseInt(settings().getProperty("camel.main.shutdownTimeout"));

        // Then
        assertThat(container.path("read_only").asBoolean()).isTrue();
        assertThat(container.at("/cap_drop/0").asText()).isEqualTo("ALL");
        assertThat(container.at("/security_opt/0").asText()).isEqualTo("no-new-privileges:true");
        assertThat(container.at("/tmpfs/0").asText()).isEqualTo("/tmp");
        if (container.has("stop_grace_period")) {
            assertThat(container.path("stop_grace_period").asText()).isEqualTo(shutdown + 20 + "s");
        }
    }

    @Test
    void shouldBeScrapedWithItsTokenAndItsRules() {
        // Given
        JsonNode prometheus = ComposeFile.read("prometheus.yaml");
        JsonNode scrape = prometheus.at("/scrape_configs/0");
        JsonNode names = scrape.at("/dns_sd_configs/0");

        // Then
        assertThat(texts(prometheus.path("rule_files"))).allMatch(compose.mounts("prometheus")::containsKey);
        assertThat(compose.mounts("prometheus")).containsEntry("/etc/prometheus/alerts.yaml", "../grafana/alerts.yaml");
        assertThat(ComposeFile.read("../grafana/alerts.yaml").at("/groups/0/rules"))
                .isNotEmpty();
        assertThat(scrape.path("metrics_path").asText()).isEqualTo("/observe/metrics");
        assertThat(texts(names.path("names")))
                .containsExactly("reader", "forwarder")
                .allMatch(
                        name -> compose.listens(name + ":" + names.path("port").asText()));
        String secret = scrape.at("/authorization/credentials_file").asText().replaceFirst("^/run/secrets/", "");
        assertThat(texts(compose.service("prometheus").path("secrets"))).containsExactly(secret);
        assertThat(compose.environment("reader"))
                .containsEntry("DROVER_MANAGEMENT_TOKEN_FILE", "/run/secrets/" + secret);
    }

    @Test
    void shouldShowTheDashboardFromItsSource() {
        // Given
        Map<String, String> mounts = compose.mounts("grafana");
        String dashboards = ComposeFile.read("grafana-dashboards.yaml")
                .at("/providers/0/options/path")
                .asText();

        // Then
        assertThat(mounts).containsEntry(dashboards + "/drover.json", "../grafana/drover.json");
        assertThat(mounts.keySet()).anyMatch(path -> path.startsWith("/etc/grafana/provisioning/datasources/"));
        assertThat(mounts.keySet()).anyMatch(path -> path.startsWith("/etc/grafana/provisioning/dashboards/"));
        assertThat(ComposeFile.read("grafana-source.yaml")
                        .at("/datasources/0/type")
                        .asText())
                .isEqualTo("prometheus");
    }

    @Test
    void shouldHaveOrdersWhenTheDatabaseIsMade() throws Exception {
        // Given
        String sql = Files.readString(FOLDER.resolve("orders.sql"));
        assertThat(sql).contains("CREATE DATABASE drover;");

        // When
        try (Connection connection = PostgresServer.newDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql.replace("CREATE DATABASE drover;", ""));

            // Then
            try (ResultSet orders =
                    statement.executeQuery("SELECT count(*), count(DISTINCT customer), max(id) FROM orders")) {
                orders.next();
                assertThat(List.of(orders.getInt(1), orders.getInt(2), orders.getInt(3)))
                        .containsExactly(10_000, 50, 10_000);
            }
        }
    }

    /** Those that are commented out, since they have no default, too. */
    private static Properties settings() throws IOException {
        String text = Files.readString(Path.of("routes/application.properties")).replaceAll("(?m)^#(drover\\.)", "$1");
        Properties settings = new Properties();
        settings.load(new StringReader(text));
        return settings;
    }
}
