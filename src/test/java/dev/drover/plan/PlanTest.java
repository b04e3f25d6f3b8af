package dev.drover.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.delivery.PlannedRequest;
import dev.drover.folder.BadInputException;
import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage;
import dev.drover.lint.FolderCheck;
import dev.drover.store.CheckpointEditor;
import dev.drover.store.Checkpoints;
import dev.drover.store.Checkpoints.Claim;
import dev.drover.store.StoreSchema;
import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Integration
class PlanTest {

    private static final Claim CLAIM = new Claim("an earlier run", Duration.ofSeconds(30), true);

    private final Database database = Database.h2().orders(1, 100);
    private final JdbcDataSource store = new JdbcDataSource();
    private Receiver receiver;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        receiver = Receiver.start("id");
        store.setURL("jdbc:h2:file:" + folder.resolve("store") + ";WRITE_DELAY=0");
        store.setUser("drover");
        route("", "");
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void shouldShowTheNextRequestsAndSendNoneWhenThereIsACheckpoint() throws Exception {
        // Given
        StoreSchema.migrate(store);
        Cursor at = new Cursor(List.of("id"), List.of(40L));
        new Checkpoints(store).take("orders", at.columns(), CLAIM).settle(List.of(new SettledPage(at, 40)));

        // When
        Plan plan = plan(25);

        // Then
        assertThat(plan.halted()).isFalse();
        assertThat(plan.requests()).extracting(this::ids).containsExactly("41..50", "51..60", "61..65");
        assertThat(plan.requests()).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.url()).isEqualTo(receiver.url());
            assertThat(request.headers())
                    .extracting(header -> header.name())
                    .contains("Idempotency-Key", "Content-Type");
        });
        assertThat(plan.summary())
                .containsExactly("orders: 25 rows, 0 filtered out, 0 dead letters, the checkpoint would be id=65");
        assertThat(receiver.requests()).isEmpty();
        assertThat(new Checkpoints(store).cursor("orders")).contains(at);
        assertThat(new Checkpoints(store).take("orders", at.columns(), CLAIM).epoch())
                .isEqualTo(2);
    }

    @Test
    void shouldShowTheKeysOfTheNextRunWhenTheCheckpointWasSetByHand() throws Exception {
        // Given
        StoreSchema.migrate(store);
        new Checkpoints(store).take("orders", List.of("id"), CLAIM);
        List<PlannedRequest> before = plan(5).requests();

        // When
        new CheckpointEditor(store).set("orders", null);
        List<PlannedRequest> after = plan(5).requests();

        // Then
        assertThat(after).extracting(this::ids).containsExactly("1..5");
        assertThat(after.get(0).headers()).isNotEqualTo(before.get(0).headers());
        assertThat(plan(5).requests().get(0).headers()).isEqualTo(after.get(0).headers());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ref: multiStatus; httpMethod: POST",
                "ref: bulkItems; httpMethod: POST",
                "ref: batchItemFailures; httpMethod: POST",
                "ref: outcome; okStatusCodeRange: 202,409",
                "ref: typed; okStatusCodeRange: 302",
            })
    void shouldEndWhateverIsAskedOfTheAnswer(String outcome, String option) throws Exception {
        // Given
        route("ref: outcome", outcome);
        Path file = folder.resolve("orders.camel.yaml");
        String listed =
                """
                - beans:
                    - name: typed
                      type: dev.drover.delivery.Outcome
                      properties:
                        policy: json-pointer
                        items: /failed
                        type: application/json
                """;
        Files.writeString(file, Files.readString(file).replace("httpMethod: POST", option) + listed);

        // When
        Plan plan = plan(12);

        // Then
        assertThat(plan.requests()).extracting(this::ids).containsExactly("1..10", "11..12");
        assertThat(plan.halted()).isFalse();
    }

    @Test
    @Tag("full")
    void shouldSayWhyWhenItDoesNotGoOn() throws Exception {
        // Given
        route(
                "        - bean:",
                """
                        - throwException:
                            id: broken
                            exceptionType: java.lang.IllegalStateException
                            message: bad
                        - bean:"""
                        .indent(8)
                        .stripTrailing());

        // When
        Plan plan = plan(2);

        // Then
        assertThat(plan.halted()).isTrue();
        assertThat(plan.requests()).isNotEmpty();
        assertThat(plan.summary()).singleElement().asString().startsWith("orders: does not go on after 2 rows: ");
    }

    @Test
    void shouldCountTheMessagesAndPublishNoneWhenTheRouteEndsAtATopic() throws Exception {
        // Given
        Files.delete(folder.resolve("orders.camel.yaml"));
        Files.copy(Path.of("routes/examples/kafka-reader.camel.yaml"), folder.resolve("reader.camel.yaml"));
        Files.writeString(folder.resolve("application.properties"), "drover.kafka.brokers = 127.0.0.1:1\n");

        // When
        Plan plan = plan(25);

        // Then
        assertThat(plan.requests()).isEmpty();
        assertThat(plan.summary())
                .containsExactly(
                        "publish-orders: 25 rows, 0 filtered out, 0 dead letters, the checkpoint would be id=25",
                        "topic orders: 25 messages, none was published");
    }

    @Test
    void shouldLeaveNoStoreBehindWhenThereIsNone() throws Exception {
        // When
        Plan plan = plan(5);

        // Then
        assertThat(plan.requests()).extracting(this::ids).containsExactly("1..5");
        assertThat(folder.resolve("store.mv.db")).doesNotExist();
    }

    @Test
    void shouldWriteNoDeadLetterWhenAStepThrows() throws Exception {
        // Given
        StoreSchema.migrate(store);
        route(
                "              - aggregate:",
                """
                              - filter:
                                  id: bad-record
                                  simple: { expression: "${body[id]} == 3" }
                                  steps:
                                    - throwException:
                                        id: refuse
                                        exceptionType: java.lang.IllegalStateException
                                        message: bad
                              - aggregate:"""
                        .indent(14)
                        .stripTrailing());

        // When
        Plan plan = plan(5);

        // Then
        assertThat(plan.summary())
                .containsExactly(
                        "orders: 5 rows, 0 filtered out, 1 dead letters, the checkpoint would be id=5",
                        "orders: id=3 would be a dead letter: bad (IllegalStateException)");
        try (var connection = store.getConnection();
                var rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM drover_dead_letter")) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    @Test
    void shouldWriteEachRequestToAFileWhenAFolderIsNamed() throws Exception {
        // Given
        Plan plan = plan(12);
        Path out = folder.resolve("planned");

        // When
        PlanText.write(plan.requests(), out);

        // Then
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactly("0001.http", "0002.http");
        }
        assertThat(Files.readString(out.resolve("0002.http")))
                .startsWith("POST " + receiver.url() + " HTTP/1.1\n")
                .contains("Idempotency-Key: ", "\n\n[{\"id\":11,");
        assertThatThrownBy(() -> PlanText.write(plan.requests(), out)).hasMessageContaining("not empty");
    }

    @Test
    void shouldBeACommandThatTheShellSendsAsItWouldHaveBeenSent() throws Exception {
        // Given
        database.run("UPDATE orders SET customer = 'O''Hara $HOME \\ \"x\" é' WHERE id = 1");
        Plan plan = plan(3);

        // When
        Process shell =
                new ProcessBuilder("sh", "-c", PlanText.curl(plan.requests().get(0)) + " -s").start();

        // Then
        assertThat(shell.waitFor()).isZero();
        assertThat(receiver.requests()).singleElement().satisfies(request -> {
            assertThat(request.bytes()).isEqualTo(plan.requests().get(0).body().length);
            assertThat(request.records()).hasSize(3);
            assertThat(request.key()).isNotBlank();
        });
    }

    @Test
    void shouldShowTheQueryWhenAParameterIsForTheService() throws Exception {
        // Given
        route("              httpMethod: POST\n", "              httpMethod: POST\n              db: pay\n");

        // When
        Plan plan = plan(1);

        // Then
        assertThat(new FolderCheck(RoutesFolder.open(folder), new Properties()).files())
                .isEmpty();
        assertThat(PlanText.curl(plan.requests().get(0))).contains("/orders?db=pay'");
    }

    @Test
    void shouldHideTheUserWhenTheAddressHasOne() throws Exception {
        // Given
        Map<String, String> settings = settings();
        settings.put("drover.orders.url", "http://ann:s%40cret@billing.example/a%2Fb?db=p%2Fy");

        // When
        Plan plan = Plan.of(RoutesFolder.open(folder), settings, 1, null);

        // Then
        assertThat(PlanText.curl(plan.requests().get(0)))
                .contains("'http://billing.example/a%2Fb?db=p%2Fy'", "'Authorization: ***'")
                .doesNotContain("ann", "cret");
    }

    @Test
    void shouldHideCredentialsWhenARequestCarriesThem() throws Exception {
        // Given
        route(
                "        - marshal:",
                """
                        - setHeader:
                            id: credentials
                            name: Authorization
                            constant: { expression: Bearer hidden }
                        - marshal:"""
                        .indent(8)
                        .stripTrailing());

        // When
        Plan plan = plan(1);

        // Then
        assertThat(PlanText.curl(plan.requests().get(0)))
                .contains("'Authorization: ***'", "Idempotency-Key: ")
                .doesNotContain("hidden", "Idempotency-Key: ***");
    }

    @Test
    void shouldShowTheCompressedRequestWhenTheRouteNamesAnotherFormatAndGzip() throws Exception {
        // Given
        route(
                """
                            json:
                              library: Jackson
                """
                        .indent(0),
                """
                            custom:
                              ref: ndjson
                        - setHeader: { id: compress, name: Content-Encoding, constant: { expression: gzip } }
                """
                        .indent(0));

        // When
        Plan plan = plan(12);

        // Then
        assertThat(plan.requests()).hasSize(2).allSatisfy(request -> {
            assertThat(request.headers().stream()
                            .map(header -> header.name() + ": " + header.value())
                            .filter(header -> header.startsWith("Content-")))
                    .containsExactlyInAnyOrder("Content-Type: application/x-ndjson", "Content-Encoding: gzip");
            assertThat(PlanText.curl(request)).contains("| base64 -d |", "--data-binary @-");
        });
        byte[] second = plan.requests().get(1).body();
        assertThat(new String(
                                new GZIPInputStream(new ByteArrayInputStream(second)).readAllBytes(),
                                StandardCharsets.UTF_8)
                        .lines())
                .satisfiesExactly(line -> assertThat(line).startsWith("{\"id\":11,"), line -> assertThat(line)
                        .startsWith("{\"id\":12,"));
    }

    @Test
    void shouldNameThePipelinesWhenThereIsNoneOfThisName() {
        // Then
        assertThatThrownBy(() -> Plan.of(RoutesFolder.open(folder), settings(), 1, "order"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("--pipeline: there is no pipeline 'order'; the pipelines are orders; did you mean orders");
    }

    @Test
    void shouldRefuseWhenThePipelineClaimsItsRows() throws Exception {
        // Given
        Files.delete(folder.resolve("orders.camel.yaml"));
        String table = Files.readString(Path.of("routes/examples/orders-table.camel.yaml"));
        Files.writeString(
                folder.resolve("orders-table.camel.yaml"),
                table.replace("\"{{drover.source.consistency}}\"", "CLAIM").replace("        startAfter: \"0\"\n", ""));

        // When
        assertThatThrownBy(() -> plan(10))
                // Then
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("orders-table: consistency CLAIM writes to its table");
    }

    private Plan plan(int limit) throws InterruptedException {
        return Plan.of(RoutesFolder.open(folder), settings(), limit, null);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("drover.source.url", database.url());
        settings.put("drover.source.username", database.username());
        settings.put("drover.store.url", store.getURL());
        settings.put("drover.orders.url", receiver.url());
        settings.put("drover.orders.batchSize", "10");
        return settings;
    }

    private void route(String old, String replacement) throws IOException {
        String text = Files.readString(Path.of("routes/orders.camel.yaml"));
        assertThat(text).contains(old);
        Files.writeString(folder.resolve("orders.camel.yaml"), text.replace(old, replacement));
    }

    private String ids(dev.drover.delivery.PlannedRequest request) {
        List<String> ids = Stream.of(new String(request.body(), StandardCharsets.UTF_8).split("\\{\"id\":"))
                .skip(1)
                .map(record -> record.substring(0, record.indexOf(',')))
                .toList();
        return ids.get(0) + ".." + ids.get(ids.size() - 1);
    }
}
