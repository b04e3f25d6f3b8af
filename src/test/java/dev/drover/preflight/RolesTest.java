package dev.drover.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.folder.FindingsException;
import dev.drover.folder.RoutesFolder;
import dev.drover.lint.LoadedRoutes;
import dev.drover.route.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.main.Main;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which routes of a folder with both halves are there. */
class RolesTest {

    private static final String ROUTE =
            """
            - route:
                id: %s
                from:
                  uri: "%s"
                  steps:
                    - to:
                        uri: log
                        parameters:
                          loggerName: tested
            """;
    private static final String OWN_KAMELET =
            """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: own-topic-source
            spec:
              definition:
                title: own
                properties:
                  topic:
                    type: string
              template:
                from:
                  uri: kafka:{{topic}}
                  steps:
                    - to: kamelet:sink
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(
                folder.resolve("application.properties"),
                """
                drover.source.url = jdbc:h2:mem:roles
                drover.store.url = jdbc:h2:mem:roles-store
                drover.orders.url = http://127.0.0.1:1
                drover.kafka.brokers = 127.0.0.1:1
                my.topic = kafka:orders
                """);
        Files.copy(Path.of("routes/examples/short.camel.yaml"), folder.resolve("short.camel.yaml"));
        Files.copy(Path.of("routes/orders.camel.yaml"), folder.resolve("orders.camel.yaml"));
        Files.createDirectory(folder.resolve("kamelets"));
        Files.writeString(folder.resolve("kamelets/own-topic-source.kamelet.yaml"), OWN_KAMELET);
        Files.copy(Path.of("routes/examples/kafka-reader.camel.yaml"), folder.resolve("publish-orders.camel.yaml"));
        Files.copy(Path.of("routes/examples/kafka-forwarder.camel.yaml"), folder.resolve("forward-orders.camel.yaml"));
        route("deliver-placed", "{{my.topic}}");
        route("deliver-own", "kamelet:own-topic-source?topic=orders");
        route("tick", "timer:tick");
    }

    @Test
    void shouldHaveTheRoutesOfItsRoleAndThoseThatAreNoPipeline() {
        // When
        List<String> all = routes("all");
        List<String> reader = routes("reader");
        List<String> forwarder = routes("forwarder");

        // Then
        assertThat(all)
                .contains("deliver-orders", "tick", "dead-letter")
                .contains("orders", "short", "publish-orders", "forward-orders", "deliver-placed", "deliver-own");
        assertThat(reader)
                .contains("deliver-orders", "tick", "dead-letter", "orders", "short", "publish-orders")
                .doesNotContain("forward-orders", "deliver-placed", "deliver-own");
        assertThat(forwarder)
                .contains("deliver-orders", "tick", "dead-letter", "forward-orders", "deliver-placed", "deliver-own")
                .doesNotContain("orders", "short", "publish-orders");
    }

    @Test
    void shouldKeepTheFilterThatTheUserHas() throws IOException {
        // Given
        Files.writeString(
                folder.resolve("application.properties"),
                Files.readString(folder.resolve("application.properties"))
                        + "camel.main.routeFilterExcludePattern = tick\n");

        // Then
        assertThat(routes("reader")).contains("orders").doesNotContain("tick", "forward-orders");
    }

    @Test
    void shouldNameThePipelinesWhenNoneIsOfTheRole() throws IOException {
        // Given
        for (String name : List.of("forward-orders", "deliver-placed", "deliver-own")) {
            Files.delete(folder.resolve(name + ".camel.yaml"));
        }

        // Then
        assertThatThrownBy(() -> routes("forwarder"))
                .isInstanceOf(FindingsException.class)
                .hasMessageEndingWith("drover.role: 'forwarder' would run nothing: the pipelines are orders (reader),"
                        + " publish-orders (reader), short (reader)");
    }

    @Test
    void shouldSayWhatIsMeantWhenTheRoleIsNone() {
        assertThatThrownBy(() -> routes("reeder"))
                .isInstanceOf(FindingsException.class)
                .hasMessageEndingWith("drover.role: 'reeder' is not allowed, it must be one of reader, forwarder, all;"
                        + " did you mean reader");
    }

    @Test
    void shouldRunBothHalvesWhenTheRoleIsAll() {
        assertThat(List.of(Role.READER, Role.FORWARDER)).allMatch(Role.ALL::runs);
        assertThat(Role.READER.runs(Role.FORWARDER)).isFalse();
    }

    @Test
    void shouldKnowWhereAHalfBeginsWhenItSeesOnlyTheAddress() {
        assertThat(Role.READER.beginsAt("pages:orders?key=id")).isTrue();
        assertThat(Role.FORWARDER.beginsAt("kafka:orders")).isTrue();
        assertThat(Role.READER.beginsAt("kafka:orders")).isFalse();
        assertThat(List.of("pages:orders", "kafka:orders")).allMatch(Role.ALL::beginsAt);
        assertThat(List.of("timer:pages:", "pagesOfMine:orders", "direct:kafka"))
                .noneMatch(Role.ALL::beginsAt);
    }

    private void route(String id, String from) throws IOException {
        Files.writeString(folder.resolve(id + ".camel.yaml"), ROUTE.formatted(id, from));
    }

    private List<String> routes(String role) {
        RoutesFolder routes = RoutesFolder.open(folder);
        Properties overrides = new Properties();
        overrides.setProperty("drover.role", role);
        Main camel = LoadedRoutes.configured(routes, Map.of("camel.main.autoStartup", "false"));
        Roles.of(routes, overrides).choose(camel);
        try (LoadedRoutes loaded = LoadedRoutes.start(routes, camel)) {
            return loaded
                    .context()
                    .getCamelContextExtension()
                    .getContextPlugin(Model.class)
                    .getRouteDefinitions()
                    .stream()
                    .map(RouteDefinition::getRouteId)
                    .collect(Collectors.toList());
        }
    }
}
