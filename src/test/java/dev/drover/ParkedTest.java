package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.cli.Main;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The records of an address that does not accept are parked, in order, and no other address waits for them. */
@Integration
class ParkedTest {

    private static final int ROWS = 300;
    private static final String DEAD = "/t3";
    private static final String PARKED = "SELECT COUNT(*) FROM drover_dead_letter WHERE parked_lane <> ''";

    private final Receiver receiver = Receiver.start("id");
    private Drover drover;
    private Database source;
    private volatile boolean dead = true;
    private final AtomicInteger conflicts = new AtomicInteger();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldParkOnlyTheRecordsOfTheDeadAddressAndDeliverThemInOrderWhenItIsBack(Engine engine) {
        // Given
        begin(engine);
        drover.start();

        // When
        await().until(() -> drover.checkpoint().contains(String.valueOf(ROWS)));

        // Then
        await().until(() -> receiver.distinct() == ROWS * 9 / 10);
        await().until(() -> source.number(PARKED), new BigDecimal(ROWS / 10)::equals);

        // When
        drover.stop();
        source.orders(ROWS + 1, 2 * ROWS).run(TENANTS);
        drover.start();
        await().until(() -> drover.checkpoint().contains(String.valueOf(2 * ROWS)));
        dead = false;
        await().until(() -> receiver.distinct() == 2 * ROWS);

        // Then
        assertThat(receiver.duplicates()).isEmpty();
        assertInOrder();
        await().until(() -> source.number(PARKED), number -> number.signum() == 0);
    }

    @Test
    void shouldSendTheSameBytesAndKeyWhenABatchWasTriedBeforeItWasParked() {
        // Given
        begin(Engine.H2);
        drover.start();
        await().until(() ->
                receiver.requests().stream().anyMatch(request -> path(request).equals(DEAD)));

        // When
        await().until(() -> drover.checkpoint().contains(String.valueOf(ROWS)));
        dead = false;
        await().until(() -> receiver.distinct() == ROWS);

        // Then
        List<Request> first = receiver.requests().stream()
                .filter(request -> request.records().stream()
                        .anyMatch(record -> record.path("id").asInt() == 3))
                .toList();
        assertThat(first).hasSizeGreaterThan(1);
        assertThat(first).extracting(Request::key).containsOnly(first.get(0).key());
        assertThat(first)
                .extracting(Request::bodyHash)
                .containsOnly(first.get(0).bodyHash());
    }

    @Test
    void shouldSetParkedRecordsAsideWhenTheServiceRefusesThem() {
        // Given
        begin(Engine.H2);
        drover.start();
        await().until(() -> drover.checkpoint().contains(String.valueOf(ROWS)));

        // When
        receiver.fails(Fault.rejectRecords(422, 13, 33));
        await().until(() -> drover.pipelines().get(0).tally().parked() == 0);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS - 2).doesNotContainKeys("13", "33");
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(source.column("SELECT record_key FROM drover_dead_letter WHERE parked_lane IS NULL ORDER BY status"))
                .containsExactlyInAnyOrder("id=13", "id=33");
        assertThat(source.number("SELECT dead_lettered - letters_removed FROM drover_checkpoint"))
                .isEqualTo(source.number("SELECT COUNT(*) FROM drover_dead_letter"));
    }

    @Test
    void shouldTryOtherAddressesWhenOneAnswersWithAStatusThatNoClauseDivides() {
        // Given
        begin(Engine.H2);
        receiver.fails(
                request -> path(request).matches("/t[34]") ? Fault.respond(503).answer(request) : Optional.empty());
        drover.set("drover.delivery.parallelism", 2).start();
        await().until(() -> source.number(PARKED), new BigDecimal(ROWS / 5)::equals);

        // When
        receiver.fails(request -> switch (path(request)) {
            case DEAD -> conflict(request);
            case "/t4" -> conflicts.get() == 0 ? Fault.respond(503).answer(request) : Optional.empty();
            default -> Optional.empty();
        });

        // Then
        await().until(() -> receiver.distinct() == ROWS * 9 / 10);
        assertThat(conflicts.get()).isPositive();
    }

    private Optional<Answer> conflict(Request request) {
        Optional<Answer> answer = Fault.respond(409).answer(request);
        conflicts.incrementAndGet();
        return answer;
    }

    @Test
    void shouldHoldThePipelineUpAndSayWhyWhenNoMoreRecordsMayBeParked() {
        // Given
        begin(Engine.H2);
        drover.edit("dead-tenants.camel.yaml", "parkLimit: 1000", "parkLimit: 12")
                .start();

        // When
        await().until(() -> drover.pipelines().get(0).ledger().faults().alarm().isPresent());

        // Then
        assertThat(drover.pipelines().get(0).ledger().faults().alarm())
                .contains("no more records are parked, because 12 are");
        await().during(Duration.ofSeconds(2)).until(() -> source.number(PARKED), parked -> parked.intValue() <= 12);

        // When
        dead = false;
        await().until(() -> receiver.distinct() == ROWS);

        // Then
        assertInOrder();
        assertThat(receiver.duplicates()).isEmpty();
        await().until(() -> drover.pipelines().get(0).ledger().faults().alarm().isEmpty());
    }

    @Test
    void shouldParkMoreAndEndTheAlarmWhenParkedRecordsAreDeletedForGood() throws IOException {
        // Given
        begin(Engine.H2);
        drover.edit("dead-tenants.camel.yaml", "parkLimit: 1000", "parkLimit: 20")
                .start();
        await().until(() -> drover.pipelines().get(0).ledger().faults().alarm().isPresent());

        // When
        assertThat(command("dead-letters", "purge", "--parked", "--all", "--yes"))
                .isEqualTo("0: 20 dead letter(s) deleted");

        // Then
        await().until(() -> drover.checkpoint().contains(String.valueOf(ROWS)));
        assertThat(source.number(PARKED)).isEqualTo(new BigDecimal(10));
        assertThat(drover.pipelines().get(0).ledger().faults().alarm()).isEmpty();
        assertThat(receiver.distinct()).isEqualTo(ROWS - ROWS / 10);

        // When
        dead = false;

        // Then
        await().until(() -> receiver.distinct() == ROWS - 20);
        assertInOrder();
    }

    @Test
    void shouldNotEndADrainAsIfAllWereDeliveredWhenRecordsAreParked() {
        // Given
        begin(Engine.H2);
        drover.draining().set("camel.component.pages.drainPatience", "2000").start();

        // When
        drover.awaitEnd();

        // Then
        assertThat(drover.pipelines().get(0).ledger().halted())
                .hasValueSatisfying(why -> assertThat(why).contains("30 records are still parked"));
        assertThat(drover.checkpoint()).contains(String.valueOf(ROWS));

        // When
        drover.stop();
        dead = false;
        drover.run();

        // Then
        assertThat(receiver.distinct()).isEqualTo(ROWS);
        assertThat(source.number(PARKED)).isZero();
    }

    @Test
    void shouldShowAndDeleteParkedRecordsOnlyWhenTheyAreAskedFor() throws IOException {
        // Given
        begin(Engine.H2);
        drover.start();
        await().until(() -> drover.checkpoint().contains(String.valueOf(ROWS)));
        await().until(() -> source.number(PARKED), new BigDecimal(ROWS / 10)::equals);

        // Then
        assertThat(command("dead-letters", "list")).isEqualTo("0: no dead letters");
        assertThat(command("dead-letters", "list", "--parked", "--limit", "1"))
                .startsWith("0: ")
                .contains("http://127.0.0.1", "29 more");
        assertThat(command("status")).contains("dead letters  0", "parked        30");
        assertThat(command("dead-letters", "purge", "--all", "--yes")).isEqualTo("0: 0 dead letter(s) deleted");
        assertThat(command("dead-letters", "replay", "--parked", "--all")).startsWith("2: drover: --parked: ");

        // When
        String purged = command("dead-letters", "purge", "--parked", "--all", "--yes");

        // Then
        assertThat(purged).isEqualTo("0: 30 dead letter(s) deleted");
        await().until(() -> drover.pipelines().get(0).tally().parked() == 0);
    }

    /** Runs a command on the store. Returns its exit code and what it says. */
    private String command(String... words) throws IOException {
        Files.writeString(
                drover.folder().resolve("application.properties"),
                "drover.store.url=" + source.url() + "\ndrover.store.username=" + source.username());
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--routes", drover.folder().toString()));
        StringWriter said = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(all.toArray(String[]::new));
        return (code + ": " + said).strip();
    }

    private static final String TENANTS = "UPDATE orders SET customer = CONCAT('t', MOD(id, 10))";

    private void begin(Engine engine) {
        source = engine.newDatabase().orders(1, ROWS);
        source.run(TENANTS);
        receiver.fails(request ->
                dead && path(request).equals(DEAD) ? Fault.respond(503).answer(request) : Optional.empty());
        drover = Drover.reading(source)
                .sendingTo(receiver)
                .file(RouteFile.of("routes/examples/dead-tenants.camel.yaml")
                        .replace("parkAfter: 10s", "parkAfter: 400ms\n        parkLimit: 1000")
                        .replace("pageSize: 500", "pageSize: 50\n        maxInFlight: 200\n        delay: 100ms")
                        .replace("batchSize: 50", "batchSize: 5"));
    }

    private static String path(Request request) {
        return request.line().substring(request.line().lastIndexOf('/'));
    }

    private void assertInOrder() {
        Map<String, List<Long>> ids = receiver.acceptedRequests()
                .collect(java.util.stream.Collectors.groupingBy(
                        ParkedTest::path,
                        java.util.stream.Collectors.flatMapping(
                                request -> request.records().stream()
                                        .map(record -> record.path("id").asLong()),
                                java.util.stream.Collectors.toList())));
        assertThat(ids).hasSize(10).allSatisfy((path, some) -> assertThat(some).isSorted());
    }
}
