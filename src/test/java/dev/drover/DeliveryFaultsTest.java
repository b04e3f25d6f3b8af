package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a destination, or the store, does wrong: nothing is lost, and what may not be repeated is not. */
@Integration
class DeliveryFaultsTest {

    private static final int ROWS = 600;

    private final Database source = Database.h2().orders(1, ROWS);
    private Receiver receiver;
    private Drover drover;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        drover = Drover.reading(source)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sendingTo(receiver)
                .sizes(200, 100, 600)
                .draining();
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldRepeatTheSameRequestAfterTheTimeWhenTheDestinationAsksForIt() {
        // Given
        receiver.fails(Fault.respond(503, Map.of("Retry-After", "2")).times(1));

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnceExcept();
        List<Request> attempts = attemptsOfTheRefused();
        assertThat(attempts).hasSize(2);
        assertThat(attempts)
                .extracting(Request::bodyHash)
                .containsOnly(attempts.get(0).bodyHash());
        assertThat(between(attempts.get(0), attempts.get(1))).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldRepeatTheSameRequestWhenTheConnectionIsDropped() {
        // Given
        receiver.fails(Fault.dropConnection().times(3));

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnceExcept();
        assertThat(receiver.requests()).hasSize(6 + 3);
        assertThat(receiver.requests().stream()
                        .map(request -> request.key() + " " + request.bodyHash())
                        .distinct())
                .hasSize(6);
        assertThat(receiver.requests()).extracting(Request::key).doesNotContain("");
    }

    @Test
    void shouldSetAsideOnlyTheBadRecordsWhenTheDestinationRefusesThem() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7, 137, 138));

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnceExcept("7", "137", "138");
        assertThat(deadLetters("record_key")).containsExactlyInAnyOrder("id=7", "id=137", "id=138");
        assertThat(deadLetters("status")).containsOnly("422");
        assertThat(deadLetters("reason")).containsOnly("status 422: poison");
        assertThat(deadLetters("pipeline")).containsOnly("orders");
        assertThat(deadLetters("payload"))
                .anySatisfy(payload -> assertThat(payload).contains("\"id\":7,"));
        // a batch of 100 has 7 levels of halves, each with 2 requests at most: for 3 records, and the 6 batches
        assertThat(receiver.requests()).hasSizeLessThanOrEqualTo(3 * 2 * 7 + 6);
    }

    /** In Camel a clause without a maximum takes over that of the clause before it, here: for ever. */
    @Test
    void shouldSetAsideTheBadRecordWhenItIsRefusedAfterAnOutage() {
        // Given
        Fault outage = Fault.respond(503).times(ROWS / 100);
        Fault poison = Fault.rejectRecords(422, 7);
        receiver.fails(request -> outage.answer(request).or(() -> poison.answer(request)));

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnceExcept("7");
        assertThat(deadLetters("record_key")).containsExactly("id=7");
    }

    /** The bad record is the last of its batch to be tried: nothing but its dead letter holds the page. */
    @Test
    void shouldHoldTheCheckpointWhenADeadLetterCanNotBeWritten() {
        // Given
        drover.run();
        source.orders(ROWS + 1, 2 * ROWS);
        receiver.fails(Fault.respond(503));
        int before = receiver.requests().size();
        drover.start();
        await().atMost(Duration.ofMinutes(2)).until(() -> receiver.requests().size() > before);
        source.run("ALTER TABLE drover_dead_letter RENAME TO hidden");
        receiver.fails(Fault.rejectRecords(422, ROWS + 100));
        await().atMost(Duration.ofMinutes(2)).until(() -> receiver.accepted().size() >= 2 * ROWS - 1);
        String checkpointMeanwhile = checkpointAfterAWhile();

        // When
        source.run("ALTER TABLE hidden RENAME TO drover_dead_letter");
        drover.awaitEnd();

        // Then
        assertThat(checkpointMeanwhile).isEqualTo("id=" + ROWS);
        assertThat(drover.checkpoint()).isEqualTo("id=" + 2 * ROWS);
        assertDeliveredOnceExcept(String.valueOf(ROWS + 100));
        assertThat(deadLetters("record_key")).containsExactly("id=" + (ROWS + 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void shouldKeepEverythingAndAlarmOnceWhenTheDestinationRefusesThePipeline(int status) {
        // Given
        AtomicBoolean refusing = new AtomicBoolean(true);
        receiver.fails(Fault.refuseWhile(status, refusing::get));
        try (Logs logs = new Logs()) {
            drover.start();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> receiver.requests().size() >= 4);

            // When
            refusing.set(false);
            drover.awaitEnd();

            // Then
            assertThat(logs.errors()).singleElement().asString().contains("orders", "status " + status);
        }
        assertDeliveredOnceExcept();
        assertThat(deadLetters("record_key")).isEmpty();
    }

    @Test
    void shouldWaitWithoutAnAlarmWhenTheDestinationForbidsForAWhile() {
        // Given
        receiver.fails(Fault.respond(403, Map.of("Retry-After", "1")).times(1));
        try (Logs logs = new Logs()) {

            // When
            runToTheEnd();

            // Then
            assertThat(logs.errors()).isEmpty();
        }
        assertDeliveredOnceExcept();
    }

    @Test
    void shouldAcceptNoPageOfALoginWhenTheAnswerMustBeOfAType() {
        // Given
        Fault page = request -> Optional.of(
                new Answer(200, Map.of("Content-Type", "text/html"), "<p>Log in</p>", Optional.of(Set.of())));
        Fault first = page.times(1);
        receiver.fails(request -> first.answer(request)
                .or(() -> Optional.of(new Answer(200, Map.of("Content-Type", "application/JSON; x=y"), "{}"))));
        drover.edit(
                "beans.camel.yaml",
                "      type: dev.drover.delivery.Outcome\n    - name: multiStatus",
                "      type: dev.drover.delivery.Outcome\n      properties: { type: application/json }\n"
                        + "    - name: multiStatus");
        try (Logs logs = new Logs()) {

            // When
            runToTheEnd();

            // Then
            assertThat(logs.errors())
                    .singleElement()
                    .asString()
                    .contains("the answer is text/html and not application/json");
        }
        assertDeliveredOnceExcept();
    }

    @Test
    void shouldNotFollowWhenTheDestinationRedirects() {
        // Given
        try (Receiver elsewhere = Receiver.start("id")) {
            receiver.fails(
                    Fault.respond(307, Map.of("Location", elsewhere.url())).times(1));

            // When
            runToTheEnd();

            // Then
            assertThat(elsewhere.requests()).isEmpty();
        }
        assertDeliveredOnceExcept();
    }

    @Test
    void shouldSetTheRecordAsideWhenAStepThrows() {
        // Given
        drover.file(ordersWith(
                "- filter:",
                "    id: only-one",
                "    simple:",
                "      expression: \"${body[id]} == 333\"",
                "    steps:",
                "      - throwException:",
                "          id: fail",
                "          exceptionType: java.lang.IllegalArgumentException",
                "          message: no such product"));

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnceExcept("333");
        assertThat(deadLetters("record_key")).containsExactly("id=333");
        assertThat(deadLetters("reason")).singleElement().asString().contains("no such product");
    }

    @Test
    void shouldFindAFewBadRecordsInManyWithFewRequests() {
        // Given
        source.orders(ROWS + 1, 16_000);
        receiver.fails(Fault.rejectRecords(422, 7, 9_000, 16_000));

        // When
        drover.sizes(1_000, 500, 10_000).run();

        // Then
        assertDeliveredOnceExcept("7", "9000", "16000");
        assertThat(deadLetters("record_key")).containsExactlyInAnyOrder("id=7", "id=9000", "id=16000");
        assertThat(receiver.requests()).hasSizeLessThanOrEqualTo(33 + 3 * 2 * 9);
    }

    @Test
    void shouldDivideByBytesAndRememberTheSizeWhenABatchIsTooLarge() {
        // Given
        source.orders(ROWS + 1, 4_000);
        source.run(
                "ALTER TABLE orders ALTER COLUMN customer VARCHAR(10000)",
                "UPDATE orders SET customer = REPEAT('x', 5000) WHERE id = 3000");
        receiver.fails(Fault.tooLarge(4_000));
        drover.set("drover.delivery.parallelism", 1);

        // When
        drover.sizes(1_000, 100, 2_000).run();

        // Then
        assertDeliveredOnceExcept("3000");
        assertThat(deadLetters("record_key")).containsExactly("id=3000");
        assertThat(deadLetters("status")).containsExactly("413");
        assertThat(receiver.requests().stream().filter(request -> !request.accepted()))
                .as("requests that were too large, of " + receiver.requests().size())
                .hasSizeLessThan(20);
    }

    /** Every answer asks for a pause; until it is over, no batch is sent, whichever it is. */
    @Test
    void shouldPauseForAllBatchesWhenTheDestinationAsksForIt() {
        // Given
        receiver.fails(Fault.respond(429, Map.of("Retry-After", "2")).times(2));
        drover.set("drover.delivery.parallelism", 2);

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnceExcept();
        List<Request> requests = receiver.requests();
        assertThat(requests.subList(0, 2)).noneMatch(Request::accepted);
        assertThat(between(requests.get(1), requests.get(2))).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    /** One answer for each attempt while it is down, then again and again. */
    @Test
    void shouldAskOneAtATimeAndGoOnByItselfWhenTheDestinationWasAway() {
        // Given
        AtomicBoolean away = new AtomicBoolean(true);
        receiver.fails(Fault.refuseWhile(503, away::get));
        drover.set("drover.delivery.parallelism", 6);
        try (Logs logs = new Logs()) {
            drover.start();
            await().atMost(Duration.ofMinutes(2)).until(() -> logs.says("it is asked again until it does"));
            int before = receiver.requests().size();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> receiver.requests().size() > before);

            // When
            away.set(false);
            drover.awaitEnd();
        }

        // Then
        assertDeliveredOnceExcept();
        assertThat(drover.pipeline("orders").ledger().faults().alarm()).isEmpty();
    }

    @Test
    void shouldSetAsideOneRecordWhenItsFailureIsFinal() {
        // Given
        receiver.fails(Fault.rejectRecords(500, 7));
        drover.set("drover.delivery.finalStatuses", "500,501");

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnceExcept("7");
        assertThat(deadLetters("record_key")).containsExactly("id=7");
        assertThat(deadLetters("status")).containsExactly("500");
    }

    private void runToTheEnd() {
        drover.start();
        drover.awaitEnd();
        assertThat(drover.pipeline("orders").ledger().halted()).isEmpty();
        assertThat(drover.checkpoint()).isEqualTo("id=" + ROWS);
        drover.stop();
    }

    private String checkpointAfterAWhile() {
        Instant enough = Instant.now().plusSeconds(1);
        await().until(() -> Instant.now().isAfter(enough));
        return drover.checkpoint();
    }

    private static RouteFile ordersWith(String... lines) {
        return RouteFile.of("routes/orders.camel.yaml").before("- aggregate:", lines);
    }

    private void assertDeliveredOnceExcept(String... ids) {
        List<String> delivered = source.column("SELECT id FROM orders").stream()
                .filter(id -> !List.of(ids).contains(id))
                .toList();
        assertThat(receiver.accepted().keySet()).containsExactlyInAnyOrderElementsOf(delivered);
        assertThat(receiver.duplicates()).isEmpty();
    }

    private List<Request> attemptsOfTheRefused() {
        String refused = receiver.requests().stream()
                .filter(request -> !request.accepted())
                .findFirst()
                .orElseThrow()
                .key();
        return receiver.requests().stream()
                .filter(request -> request.key().equals(refused))
                .toList();
    }

    private static Duration between(Request first, Request second) {
        return Duration.ofNanos(second.arrivedNanos() - first.arrivedNanos());
    }

    private List<String> deadLetters(String column) {
        return source.column("SELECT " + column + " FROM drover_dead_letter");
    }
}
