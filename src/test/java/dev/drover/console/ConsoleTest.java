package dev.drover.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.drover.audit.Auditing;
import dev.drover.store.Receipts;
import dev.drover.testing.Answer;
import dev.drover.testing.Browser;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console in a real browser, over a pipeline that runs. */
@Integration
class ConsoleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DESTINATION = "[data-node=destination]";
    private static final String SCRIPT = "<script>document.title='owned'</script><img src=x onerror=alert(1)>";

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static Browser browser;

    private final Database database = Database.h2().orders(1, 400);
    private final ManagementPort port = new ManagementPort();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Receiver receiver;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Drover drover;

    @BeforeAll
    static void openBrowser() {
        Optional<Path> chromium = Browser.executable();
        if (System.getenv("CI") == null) {
            assumeThat(chromium).as("Chromium is installed").isPresent();
        }
        assertThat(chromium).as("Chromium is installed").isPresent();
        browser = Browser.open(chromium.get());
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        receiver.fails(Fault.slow(20, new CountDownLatch(1)));
        drover = port.of(Drover.reading(database))
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sizes(100, 50, 1000)
                .sendingTo(receiver)
                .start();
        browser.size(1200, 900).prefers("light");
        open();
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    private void open() {
        browser.go("http://127.0.0.1:" + port.number() + "/");
        awaitText("#name", "orders");
    }

    private static void awaitText(String selector, String text) {
        await(selector).atMost(PATIENCE).until(() -> browser.text(selector), shown -> shown.contains(text));
    }

    @Test
    void shouldShowWhatHoldsTheCheckpointWhileTheDestinationIsDown() {
        // Given
        awaitText(DESTINATION + " .pill", "accepts");
        awaitText("#checkpoint", "id=400");

        // When
        receiver.fails(Fault.respond(503));
        database.orders(401, 1200);

        // Then
        awaitText(DESTINATION + " .pill", "down");
        awaitText(DESTINATION + " .reason", "503 Service Unavailable");
        awaitText("#held", "The checkpoint is held at id=401");
        awaitText("#state", "alarmed");
        assertThat(browser.has("rect.flight[data-holds]")).isTrue();
        await().atMost(PATIENCE).until(() -> browser.has("rect.flight.waits"));
        assertThat(browser.text("#timeline .legend")).contains("waits for the destination");
        assertThat(browser.has("rect.flight.way")).isFalse();

        // When
        receiver.fails(Fault.none());

        // Then
        awaitText(DESTINATION + " .pill", "accepts");
        awaitText("#state", "running");
        awaitText("#held", "Everything that was read is settled.");
        awaitText("#checkpoint", "id=1200");
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(browser.has("#rate path.line")).isTrue();
        assertThat(browser.text("#latency .legend")).contains("p50", "p95", "p99");
        assertThat(browser.text("#fill")).contains("batches closed");
        assertQuiet();
    }

    @Test
    void shouldShowAHoleInTheStripOfTheAuditAtAGlance() throws Exception {
        // Given
        drover.close();
        database.orders(401, 449).orders(451, 600);
        drover.set("drover.audit.segment", "100").start();
        open();
        awaitText("#checkpoint", "id=600");
        assertThat(browser.value("document.getElementById('audit-card').hidden").asBoolean())
                .isTrue();
        database.orders(450, 450);

        // When
        Auditing.all(drover.context());
        drover.pipeline("orders")
                .ledger()
                .faults()
                .audited(new Receipts(drover.pool("store")).lastAudit("orders").orElseThrow());
        awaitText("#audited", "1 row of the source never read, the first is id=450 (audited ");

        // Then
        await().atMost(PATIENCE).until(() -> browser.has("rect.audited.missing"));
        assertThat(browser.text("#audit .legend")).contains("proven complete", "rows never read");
        assertThat(browser.value("[...document.querySelectorAll('rect.audited')].map(e => e.getBoundingClientRect())"
                                + ".every(r => r.width > 0 && r.height > 0)")
                        .asBoolean())
                .isTrue();
        assertThat(browser.value("document.querySelector('rect.audited.missing').getBoundingClientRect().height"
                                + " > document.querySelector('rect.audited.proven').getBoundingClientRect().height")
                        .asBoolean())
                .isTrue();
        assertThat(browser.text("rect.audited.missing title")).contains("100 rows, 1 never read");
        assertQuiet();
    }

    @Test
    void shouldShowADeadLetterAsTextAndReplayIt() {
        // Given
        receiver.fails(request ->
                request.records().stream().anyMatch(record -> record.path("id").asInt() == 410)
                        ? Optional.of(new Answer(422, Map.of(), SCRIPT))
                        : Optional.empty());
        database.orders(401, 410);

        // When
        awaitText("#letters", "id=410");

        // Then
        assertThat(browser.text("#letters .why")).contains(SCRIPT);
        assertThat(browser.has("#letters script, #letters img")).isFalse();
        assertThat(browser.value("document.title").asText()).isEqualTo("Drover console");
        assertThat(browser.text("#letters pre")).isEmpty();

        // When
        browser.click("#letters button[id^=show]");

        // Then
        awaitText("#letters pre", "\"id\": 410,\n");
        assertThat(browser.text("#letters pre")).contains("\"amount\": 133.80,\n");

        // When
        receiver.fails(Fault.none());
        browser.click("#letters button[id^=replay]");

        // Then
        awaitText("#replay", "1 dead letter delivered");
        awaitText("#letters-count", "none");
        assertThat(receiver.accepted()).hasSize(410);
        assertThat(receiver.duplicates()).isEmpty();
        assertQuiet();
    }

    @Test
    void shouldPauseStopAndResumeByKeyboardAlone() {
        // Given
        awaitText("#checkpoint", "id=400");

        // When
        focus("pause");
        browser.press("Enter");

        // Then
        awaitText("#state", "paused");
        assertThat(port.get("/observe/health/ready?exposureLevel=full").body())
                .contains("pipeline-orders")
                .doesNotContain("DOWN", "finished");
        database.orders(401, 500);
        assertStaysAt(400);
        awaitText("[data-node=source]", "100 rows ahead");
        awaitText("#held", "100 rows wait in the source.");

        // When
        focus("resume");
        browser.press(" ");

        // Then
        awaitText("#state", "running");
        awaitText("#checkpoint", "id=500");

        // When
        focus("stop");
        browser.press("Enter");

        // Then
        awaitText("#state", "stopped");
        database.orders(501, 600);
        assertStaysAt(500);

        // When
        focus("resume");
        browser.press("Enter");

        // Then
        awaitText("#checkpoint", "id=600");
        assertThat(receiver.accepted()).hasSize(600);
        assertThat(receiver.duplicates()).isEmpty();
        assertQuiet();
    }

    @Test
    void shouldReadAgainWhatWasNotAcceptedWhenItIsStoppedWhileTheDestinationIsDown() {
        // Given
        awaitText("#checkpoint", "id=400");
        receiver.fails(Fault.respond(503));
        database.orders(401, 900);
        awaitText("#state", "alarmed");

        // When
        browser.click("#stop");

        // Then
        awaitText("#state", "stopped");
        awaitText("#held", "Unsettled records are read again after Resume");
        assertThat(drover.checkpoint()).isEqualTo("id=400");

        // When
        receiver.fails(Fault.none());
        browser.click("#resume");

        // Then
        awaitText("#checkpoint", "id=900");
        assertThat(receiver.accepted()).hasSize(900);
        assertThat(receiver.duplicates()).isEmpty();
        assertQuiet();
    }

    /** Nothing more arrives for longer than the pipeline waits between two looks. */
    private void assertStaysAt(int records) {
        await().during(Duration.ofMillis(1500))
                .atMost(PATIENCE)
                .until(() -> receiver.accepted().size() == records);
    }

    /** Goes there by the key alone. */
    private static void focus(String id) {
        browser.value("document.activeElement.blur()");
        for (int tabs = 0; tabs < 40; tabs++) {
            browser.press("Tab");
            if (browser.value("document.activeElement.id").asText().equals(id)) {
                assertThat(browser.value("getComputedStyle(document.activeElement).outlineStyle")
                                .asText())
                        .isEqualTo("solid");
                return;
            }
        }
        throw new AssertionError(id + " cannot be reached by the keyboard");
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 768, 1200})
    void shouldFitIntoItsWidth(int width) {
        // Given
        receiver.fails(Fault.rejectRecords(422, 407));
        database.orders(401, 450);

        // When
        browser.size(width, 800);
        open();
        awaitText("#letters", "id=407");

        // Then
        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
        assertThat(browser.value(
                                "Math.max(...[...document.querySelectorAll('body *')].filter(e => !e.closest('pre,.skip'))"
                                        + ".map(e => e.getBoundingClientRect().right))")
                        .asDouble())
                .isLessThanOrEqualTo(width);
        assertQuiet();
    }

    @Test
    void shouldShowAllPipelinesWhenAPersonGivesTheToken() {
        // Given
        drover.close();
        RouteFile orders = RouteFile.of("routes/orders.camel.yaml");
        RouteFile copies = new RouteFile(
                "copies.camel.yaml",
                orders.text()
                        .replaceAll("(?<!FROM |drover\\.)\\borders\\b", "copies")
                        .replaceAll("\\bid: (?!copies$)", "id: copies-"));
        try (Logs logs = new Logs()) {
            drover = port.of(Drover.reading(database))
                    .file(orders)
                    .file(copies)
                    .sizes(100, 50, 1000)
                    .sendingTo(receiver)
                    .set("drover.management.token", "correct horse + 100%")
                    .start();

            // When
            String address = "http://127.0.0.1:" + port.number() + "/";
            browser.size(320, 700).go(address);

            // Then
            awaitText("label", "Token");
            assertThat(browser.text(".muted")).contains("DROVER_MANAGEMENT_TOKEN");
            assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                    .isLessThanOrEqualTo(320);
            assertThat(logs.says("the console is at " + address + "console/, and needs the token"))
                    .isTrue();
        }

        // When
        logIn("wrong");

        // Then
        awaitText(".reason", "That is not the token.");

        // When
        logIn("correct horse + 100%");

        // Then
        awaitText("#choose-copies", "0 rows ahead, 400 delivered, 0 dead letters");
        awaitText("#choose-orders .pill", "running");
        assertThat(browser.value("document.cookie").asText()).isEmpty();
        browser.click("#choose-orders");
        awaitText("#name", "orders");
        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(320);
    }

    private static void logIn(String token) {
        browser.value("document.getElementById('token').value = '" + token + "'");
        browser.click("button");
    }

    @Test
    void shouldFollowTheSystemsThemeUntilAnotherIsChosen() {
        // Given
        String light = background();

        // When
        browser.prefers("dark");

        // Then
        await().atMost(PATIENCE).until(() -> !background().equals(light));

        // When
        browser.click("#theme");

        // Then
        await().atMost(PATIENCE).until(() -> background().equals(light));
        open();
        assertThat(background()).isEqualTo(light);
        browser.value("localStorage.clear()");
        assertQuiet();
    }

    private static String background() {
        return browser.value("getComputedStyle(document.body).backgroundColor").asText();
    }

    /** Nothing went wrong in the page, and it sent no request to another host. */
    private void assertQuiet() {
        assertThat(browser.errors()).isEmpty();
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(request -> request.getPort() == port.number()
                        || !request.getScheme().startsWith("http"));
    }
}
