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
import dev.drover.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pipeline meets each of its waits, one after the other: within ten seconds health, status and console say why. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Integration
class WaitsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TOKEN_LIFE = Duration.ofMillis(1100);
    private static final String LIMIT = "limit: \"{{drover.deadletters.limit}}\"";
    private static final String SAYS_FULL = "no space left on device";

    private static final Site.Answer TOKEN =
            Site.Answer.of(200, "{\"access_token\":\"t\",\"token_type\":\"bearer\",\"expires_in\":1}");

    private final Database database = Database.postgres().orders(1, 100);
    private final ManagementPort port = new ManagementPort();
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = port.of(Drover.reading(database))
            .file(RouteFile.of("routes/orders.camel.yaml")
                    .replace(
                            "constant:\n                      expression: orders",
                            "method: {ref: lane, method: \"of(${body[customer]}, 2)\"}")
                    .replace(
                            "- to:\n                        id: hand-over",
                            "- process: {ref: turn}\n                    - to:\n                        id: hand-over")
                    .replace(
                            "- to:\n            id: post-batch",
                            "- bean: {ref: keptBatches, method: keep}\n        - to:\n            id: post-batch"))
            .edit(
                    "beans.camel.yaml",
                    "deadline: \"{{drover.delivery.deadline}}\"",
                    "deadline: \"{{drover.delivery.deadline}}\"\n        longestPause: 1500"
                            + "\n        credentials: \"#login\"")
            .edit("beans.camel.yaml", LIMIT, LIMIT + "\n        pause: 200")
            .set("drover.deadletters.limit", 5)
            .set("drover.lease.duration", 2000)
            .set("drover.health.stalledAfter", 1000)
            .sendingTo(receiver)
            .sizes(100, 25, 1000);
    private final Site login = new Site().answers(request -> TOKEN);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final CountDownLatch laneAnswer = new CountDownLatch(1);
    private Connection writer;

    /** The cause of a wait, and the words for it of readiness, {@code drover status} and the console. */
    private enum Wait {
        UNAVAILABLE("status 503", "status 503", "status 503"),
        TOLD_TO_WAIT("does not accept (status 429", "status 429", "status 429"),
        REFUSED("the destination does not accept: status 401", "status 401", "status 401"),
        NO_TOKEN("answered with status 500", "answered with status 500", "answered with status 500"),
        NO_ANSWER("nothing was settled for", "the batch is on its way", "the batch is on its way"),
        LANE("nothing was settled for", "the batch is on its way", "the batch is on its way"),
        SOURCE("the source cannot be read", "the source, which cannot be read", "not readable"),
        WRITER(null, "an open transaction", "an open transaction"),
        CHECKPOINT("the store does not take the checkpoint", SAYS_FULL, SAYS_FULL),
        DEAD_LETTER("the store does not take a dead letter", SAYS_FULL, SAYS_FULL),
        KEPT_BATCH("nothing was settled for", SAYS_FULL, SAYS_FULL),
        LEASE("its lease has ended and cannot be renewed", "its lease, which has ended", "its lease has ended"),
        MANY_DEAD_LETTERS("the destination does not accept: more than 5 %", "more than 5 %", "more than 5 %");

        private final String health;
        private final String status;
        private final String console;

        /** Of the first 100 records that are refused, each becomes a dead letter. */
        private int rows() {
            return this == MANY_DEAD_LETTERS ? 300 : 100;
        }

        Wait(String health, String status, String console) {
            this.health = health;
            this.status = status;
            this.console = console;
        }
    }

    @BeforeAll
    void start() throws Exception {
        Path secret = Files.writeString(drover.folder().resolve("secret"), "s3cret-of-waits");
        drover.edit(
                "beans.camel.yaml",
                "- beans:",
                """
                - beans:
                    - name: login
                      type: dev.drover.credentials.ClientCredentials
                      properties:
                        tokenUrl: "%s"
                        clientId: waits
                        clientSecret: "file:%s"\
                """
                        .formatted(login.url(), secret));
        writer = database.open();
        writer.setAutoCommit(false);
        drover.start();
        drover.awaitSettled();
        database.run("CREATE FUNCTION full_disk() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''" + SAYS_FULL
                + "'' USING ERRCODE = ''53100''; END' LANGUAGE plpgsql");
    }

    @AfterAll
    void stop() throws SQLException {
        writer.close();
        drover.close();
        receiver.close();
        login.close();
    }

    @ParameterizedTest
    @EnumSource(Wait.class)
    void shouldSayWhatIsWaitedForAndGoOnByItselfWhenThatHasEnded(Wait wait) throws SQLException {
        // Given
        int first = database.number("SELECT MAX(id) + 1 FROM orders").intValueExact();
        int last = first + wait.rows() - 1;
        begin(wait, first);

        // When
        database.orders(first, last);
        if (wait == Wait.MANY_DEAD_LETTERS) { // only now does it wait
            await().atMost(PATIENCE)
                    .until(() ->
                            drover.pipelines().get(0).ledger().faults().alarm().isPresent());
        }

        // Then
        try {
            await().atMost(SOON).untilAsserted(() -> assertSaid(wait, first));
        } finally {
            end(wait);
        }
        await().atMost(PATIENCE)
                .until(() -> receiver.accepted().containsKey(String.valueOf(first))
                        && drover.pipelines().get(0).ledger().window() == 0
                        && port.get("/observe/health/ready").statusCode() == 200);
        assertThat(drover.checkpoint()).isEqualTo("id=" + last);
    }

    private void assertSaid(Wait wait, int first) {
        if (wait.health != null) {
            assertThat(port.get("/observe/health/ready").body()).contains(wait.health);
            assertThat(port.get("/observe/health/ready").statusCode()).isEqualTo(503);
        }
        assertThat(database.column("SELECT status_json FROM drover_status").toString())
                .contains(wait.status);
        assertThat(port.get("/console/status").body()).contains(wait.console);
        assertThat(port.get("/observe/health/live").statusCode()).isEqualTo(200);
        if (wait == Wait.LANE) {
            assertThat(drover.pipelines().get(0).ledger().deliveries().size()).isEqualTo(2);
            assertThat(receiver.accepted().keySet().stream().filter(id -> Integer.parseInt(id) >= first))
                    .hasSize(50);
        }
    }

    @Test
    void shouldSayWhatAReplayWaitsForAndGoOnByItselfWhenThatHasEnded() {
        // Given
        int first = database.number("SELECT MAX(id) + 1 FROM orders").intValueExact();
        receiver.fails(Fault.rejectRecords(422, first));
        database.orders(first, first);
        String aside = "SELECT COUNT(*) FROM drover_dead_letter WHERE record_key = 'id=" + first + "'";
        await().atMost(PATIENCE).until(() -> database.number(aside).signum() == 1);

        // When
        receiver.fails(Fault.respond(503));
        port.post("/console/replay", "{\"pipeline\": \"orders\"}");

        // Then
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(port.get("/console/status").body()).contains("failed: status 503"));
        receiver.fails(Fault.none());
        await().atMost(PATIENCE).until(() -> database.number(aside).signum() == 0);
        assertThat(receiver.accepted()).containsKey(String.valueOf(first));
    }

    private void begin(Wait wait, int first) throws SQLException {
        switch (wait) {
            case UNAVAILABLE -> receiver.fails(Fault.respond(503));
            case TOLD_TO_WAIT -> receiver.fails(Fault.respond(429, Map.of("Retry-After", "2")));
            case REFUSED -> receiver.fails(Fault.respond(401));
            case NO_ANSWER -> receiver.fails(Fault.slow(PATIENCE.toMillis(), answer));
            case NO_TOKEN -> {
                login.answers(request -> Site.Answer.of(500, "{}"));
                await().pollDelay(TOKEN_LIFE).until(() -> true);
            }
            case LANE -> {
                Fault slow = Fault.slow(PATIENCE.toMillis(), laneAnswer);
                receiver.fails(request -> request.records().stream()
                                .anyMatch(record -> record.path("id").asInt() == first)
                        ? slow.answer(request)
                        : Optional.empty());
            }
            case KEPT_BATCH -> fullDisk("INSERT ON drover_kept_batch");
            case MANY_DEAD_LETTERS ->
                receiver.fails(request -> request.records().stream()
                                .anyMatch(record -> record.path("id").asInt() > first)
                        ? Fault.respond(422).answer(request)
                        : Optional.empty());
            case SOURCE -> database.run("ALTER TABLE orders RENAME COLUMN product TO gone");
            case WRITER -> {
                try (Statement statement = writer.createStatement()) {
                    statement.execute(
                            "INSERT INTO orders SELECT 999999, customer, product, quantity, amount, ordered_at"
                                    + " FROM orders WHERE id = 1");
                }
            }
            case CHECKPOINT -> fullDisk("UPDATE OF cursor_json ON drover_checkpoint");
            case DEAD_LETTER -> {
                receiver.fails(Fault.rejectRecords(422, first + 7));
                fullDisk("INSERT ON drover_dead_letter");
            }
            case LEASE -> fullDisk("UPDATE OF leased_until ON drover_checkpoint");
        }
    }

    private void end(Wait wait) throws SQLException {
        switch (wait) {
            case NO_ANSWER -> answer.countDown();
            case LANE -> laneAnswer.countDown();
            case NO_TOKEN -> login.answers(request -> TOKEN);
            case KEPT_BATCH -> database.run("DROP TRIGGER full_disk ON drover_kept_batch");
            case SOURCE -> database.run("ALTER TABLE orders RENAME COLUMN gone TO product");
            case WRITER -> writer.rollback();
            case CHECKPOINT, LEASE -> database.run("DROP TRIGGER full_disk ON drover_checkpoint");
            case DEAD_LETTER -> database.run("DROP TRIGGER full_disk ON drover_dead_letter");
            default -> {}
        }
        receiver.fails(Fault.none());
    }

    private void fullDisk(String when) {
        database.run("CREATE TRIGGER full_disk BEFORE " + when + " EXECUTE FUNCTION full_disk()");
    }
}
