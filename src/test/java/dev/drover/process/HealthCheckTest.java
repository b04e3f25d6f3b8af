package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the health check of the image says, beside a real process. */
@Integration
class HealthCheckTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOKEN = "not-to-be-shown-anywhere";

    @TempDir
    Path folder;

    private final ManagementPort port = new ManagementPort();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path routes;

    @BeforeEach
    void copyRoutes() throws Exception {
        routes = Files.createDirectory(folder.resolve("routes"));
        Files.copy(DroverProcess.ROUTES.resolve("orders.camel.yaml"), routes.resolve("orders.camel.yaml"));
    }

    @Test
    void shouldAnswerForTheProcessWhetherItWorksHangsOrIsGone() throws Exception {
        // Given
        Files.writeString(routes.resolve("application.properties"), "drover.management.port = " + port.number());
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO);
                OrdersServer source = new OrdersServer(folder, 100)) {
            Map<String, String> environment = source.environment(receiver);
            environment.put("DROVER_MANAGEMENT_ENABLED", "auto");
            environment.put("DROVER_MANAGEMENT_HOST", "0.0.0.0");
            environment.put(
                    "DROVER_MANAGEMENT_TOKEN_FILE",
                    Files.writeString(folder.resolve("token"), TOKEN + "\n").toString());
            try (DroverProcess drover = DroverProcess.run(folder, routes, environment)) {
                await().atMost(PATIENCE).until(() -> receiver.distinct() == 100 || !drover.isAlive());

                // When
                DroverProcess working = check(environment);
                drover.pause();
                DroverProcess hanging = check(environment);
                drover.resume();
                drover.kill();
                DroverProcess gone = check(environment);

                // Then
                assertThat(said(working)).isEqualTo("0 alive: 0.0.0.0 port " + port.number() + " answers 200");
                assertThat(said(hanging)).isEqualTo("1 not alive: 0.0.0.0 port " + port.number() + ": Read timed out");
                assertThat(said(gone))
                        .startsWith("1 not alive: 0.0.0.0 port " + port.number() + ": Connection refused");
            }
        }
    }

    @Test
    void shouldNotCallItIllWhenThePortIsOffByIntent() throws Exception {
        // When
        DroverProcess off = check(Map.of());

        // Then
        assertThat(said(off)).startsWith("0 not watched: ").contains("DROVER_MANAGEMENT_ENABLED");
    }

    @Test
    void shouldSayWhyWhenWhatAnswersIsNotAlive() throws Exception {
        // Given
        try (Site other = new Site(port.number())) {
            other.answers(request -> Site.Answer.of(503, "down"));

            // When
            DroverProcess ill = check(enabled("auto"));

            // Then
            assertThat(said(ill)).startsWith("1 not alive: ").contains("503");
            assertThat(other.last().path()).isEqualTo("/observe/health/live");
            assertThat(other.last().header("Authorization")).isEmpty();
        }
    }

    @Test
    void shouldNameTheSettingWhenThePortIsNoNumber() throws Exception {
        // When
        DroverProcess mistaken =
                check(Map.of("DROVER_MANAGEMENT_ENABLED", "true", "DROVER_MANAGEMENT_PORT", "{{port}}"));

        // Then
        assertThat(said(mistaken)).isEqualTo("1 drover.management.port: '{{port}}' is no port; set a number");
    }

    @Test
    void shouldRunWithoutThePortWhenItIsTakenAndNotAskedFor() throws Exception {
        // Given
        try (Site other = new Site(port.number());
                CountingReceiver receiver = new CountingReceiver(Duration.ZERO);
                OrdersServer source = new OrdersServer(folder, 100)) {
            Map<String, String> auto = source.environment(receiver);
            auto.putAll(enabled("auto"));
            Map<String, String> asked = source.environment(receiver);
            asked.putAll(enabled("true"));

            // When
            DroverProcess refused = DroverProcess.run(folder, routes, asked, "--drain");
            int refusal = refused.await();
            DroverProcess drained = DroverProcess.run(folder, routes, auto, "--drain");

            // Then
            assertThat(refusal).isEqualTo(2);
            assertThat(refused.errors()).singleElement().asString().contains("port " + port.number());
            assertThat(drained.await()).as("%s", drained.errors()).isZero();
            assertThat(drained.errors())
                    .anyMatch(line -> line.contains("WARN") && line.contains("drover.management.port"));
            assertThat(receiver.distinct()).isEqualTo(100);
            assertThat(other.requests()).isEmpty();
        }
    }

    private Map<String, String> enabled(String value) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DROVER_MANAGEMENT_ENABLED", value);
        environment.put("DROVER_MANAGEMENT_PORT", Integer.toString(port.number()));
        return environment;
    }

    /** The command of the image, with its jar. */
    private DroverProcess check(Map<String, String> environment) throws Exception {
        DroverProcess check = DroverProcess.start(
                folder, environment, List.of("-cp", DroverProcess.JAR.toString(), "dev.drover.cli.HealthCheck"));
        check.await();
        return check;
    }

    /** The exit code and the only line. */
    private static String said(DroverProcess check) throws InterruptedException {
        assertThat(check.errors()).isEmpty();
        assertThat(check.output()).singleElement().asString().doesNotContain(TOKEN);
        return check.await() + " " + check.output().get(0);
    }
}
