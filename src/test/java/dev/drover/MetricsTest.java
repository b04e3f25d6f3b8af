package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.Scrape;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus reads from the management port, of a pipeline that runs. */
@Integration
class MetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> ORDERS = Map.of("pipeline", "orders");

    private final Database database = Database.h2().orders(1, 1030);
    private final ManagementPort port = new ManagementPort();
    private Receiver receiver;
    private Drover drover;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        drover = port.of(Drover.reading(database)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sendingTo(receiver)
                .sizes(100, 50, 2000));
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldCountWhatThePipelineDidWhenItIsScraped() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7));
        drover.edit(
                "orders.camel.yaml",
                "            steps:\n              - aggregate:",
                """
                            steps:
                              - filter:
                                  simple:
                                    expression: "${body[id]} == 1000"
                                  steps:
                                    - stop:
                                        description: ""
                              - aggregate:\
                """);

        // When
        drover.start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1028);
        drover.awaitSettled();

        // Then
        await().atMost(PATIENCE).until(() -> scrape().has("drover_lag_seconds"));
        Scrape scrape = scrape();
        assertThat(scrape.value("drover_pages_total", ORDERS)).isEqualTo(11);
        assertThat(scrape.value("drover_records_read_total", ORDERS)).isEqualTo(1030);
        assertThat(scrape.value("drover_records_delivered_total", ORDERS)).isEqualTo(1028);
        assertThat(scrape.value("drover_records_filtered_total", ORDERS)).isEqualTo(1);
        assertThat(scrape.value("drover_records_dead_lettered_total", ORDERS)).isEqualTo(1);
        assertThat(scrape.value("drover_batches_total", Map.of("pipeline", "orders", "reason", "records")))
                .isEqualTo(20);
        assertThat(scrape.value("drover_batches_total", Map.of("pipeline", "orders", "reason", "remainder")))
                .isEqualTo(1);
        assertThat(scrape.value("drover_batches_records_total", ORDERS)).isEqualTo(1029);
        assertThat(scrape.value("drover_window_records", ORDERS)).isZero();
        assertThat(scrape.value("drover_window_limit_records", ORDERS)).isEqualTo(2000);
        assertThat(scrape.value("drover_unsettled_age_seconds", ORDERS)).isZero();
        assertThat(scrape.value("drover_ready", ORDERS)).isEqualTo(1);
        assertThat(scrape.value("drover_store_ready", Map.of())).isEqualTo(1);
        assertThat(scrape.value("drover_pipeline_state", Map.of("pipeline", "orders", "state", "running")))
                .isEqualTo(1);
        assertThat(scrape.value("drover_source_seconds_count", ORDERS)).isGreaterThanOrEqualTo(11);
    }

    @Test
    void shouldTellAttemptsByDestinationAndStatusWithoutItsPathOrSecrets() {
        // Given
        receiver.fails(Fault.respond(503).times(1));
        String secret = receiver.url() + "?token=secret";
        String origin = receiver.url().replace("/orders", "");

        // When
        drover.set("drover.orders.url", secret).start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1030);
        drover.awaitSettled();

        // Then
        Scrape scrape = scrape();
        Map<String, String> to = Map.of("pipeline", "orders", "destination", origin);
        assertThat(scrape.text()).doesNotContain("secret", "/orders", "SELECT");
        assertThat(scrape.value("drover_delivery_attempts_total", with(to, "status", "200")))
                .isEqualTo(21);
        assertThat(scrape.value("drover_delivery_attempts_total", with(to, "status", "503")))
                .isEqualTo(1);
        assertThat(scrape.value("drover_delivery_seconds_count", with(to, "outcome", "accepted")))
                .isEqualTo(21);
        assertThat(scrape.value("drover_delivery_seconds_bucket", with(with(to, "outcome", "accepted"), "le", "60.0")))
                .isEqualTo(21);
    }

    @Test
    void shouldTellHowFarItIsBehindWhenNothingIsAccepted() {
        // Given
        receiver.fails(Fault.respond(503));

        // When
        drover.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape scrape = scrape();
            assertThat(scrape.value("drover_lag_rows", ORDERS)).isEqualTo(1030);
            assertThat(scrape.value("drover_lag_seconds", ORDERS)).isGreaterThan(2);
            assertThat(scrape.value("drover_unsettled_age_seconds", ORDERS)).isGreaterThan(2);
            assertThat(scrape.value("drover_checkpoint_age_seconds", ORDERS)).isGreaterThan(2);
            assertThat(scrape.value("drover_window_records", ORDERS)).isEqualTo(1030);
            assertThat(scrape.value("drover_pipeline_state", Map.of("pipeline", "orders", "state", "alarmed")))
                    .isEqualTo(1);
            assertThat(scrape.value("drover_ready", ORDERS)).isZero();
        });
        receiver.fails(Fault.none());
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(scrape().value("drover_lag_rows", ORDERS)).isZero();
            assertThat(scrape().value("drover_lag_seconds", ORDERS)).isLessThan(2.5);
        });
    }

    @Test
    void shouldHaveNoRegistryAndNoServerWhenTheManagementPortIsClosed() {
        // Given
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        // When
        drover.set("drover.management.enabled", false).start();
        drover.awaitSettled();

        // Then
        assertThat(drover.context().getRegistry().findByType(MeterRegistry.class))
                .isEmpty();
        assertThat(drover.context().hasService(ManagementHttpServer.class)).isNull();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("watch") || name.contains("rows-ahead"));
    }

    private static Map<String, String> with(Map<String, String> labels, String name, String value) {
        Map<String, String> more = new HashMap<>(labels);
        more.put(name, value);
        return more;
    }

    private Scrape scrape() {
        return new Scrape(port.get("/observe/metrics").body());
    }
}
