package dev.drover.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Contract;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of which nobody knows what became of them, and a second life that would cut others. */
@Integration
class KeptBatchesTest {

    private static final int ROWS = 600;
    private static final String FILE = "exactly-once.camel.yaml";

    private static final String KEEPING =
            """
                - bean:
                    id: keep-batch
                    description: Keep the batch
                    ref: keptBatches
                    method: keep
        """;

    private final Database source = Database.h2().orders(1, ROWS);
    private Receiver receiver;
    private Drover drover;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        drover = Drover.reading(source)
                .file(RouteFile.of("routes/examples/" + FILE))
                .sendingTo(receiver)
                .sizes(200, 70, 200)
                .draining();
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldSendWhatWasSentVerbatimAndTheRestInOtherBatches() {
        // Given
        Set<String> before = stopWithUnknownOutcomes();

        // When
        source.run("UPDATE orders SET quantity = 77");
        drover.sizes(200, 90, 600).run();

        // Then
        assertThat(before).hasSizeGreaterThanOrEqualTo(3);
        assertThat(attempts(receiver.acceptedRequests().toList())).containsAll(before);
        assertThat(receiver.batchSizes()).containsKey(90);
        assertOneBodyForEachKey();
        assertAcceptedOnceExcept();
    }

    /** What a batch that is sent again left open is read again, and goes out under keys of its own. */
    @Test
    void shouldReadTheRestAgainWhenAKeptBatchIsAcceptedInPart() {
        // Given
        drover.edit(FILE, "ref: outcome", "ref: multiStatus");
        Set<String> before = stopWithUnknownOutcomes();
        receiver.fails(Contract.MULTI_STATUS.refusing(Set.of("7"), Set.of("8", "99")));

        // When
        drover.sizes(200, 90, 600).run();

        // Then
        assertThat(attempts(receiver.requests())).containsAll(before);
        assertOneBodyForEachKey();
        assertAcceptedOnceExcept("7");
        assertThat(source.column("SELECT payload FROM drover_dead_letter"))
                .singleElement()
                .asString()
                .contains("\"customer\":\"customer 7\"");
    }

    @Test
    void shouldKeepTheOrderOfEachLaneWhenItsBatchesAreSentAgain() {
        // Given
        String grouping = "constant:\n                      expression: exactly-once";
        String handOver = "- to:\n                        id: hand-over-orders-to-apply-once";
        drover.edit(FILE, grouping, "method: { ref: lane, method: \"of(${body[customer]}, 4)\" }")
                .edit(FILE, handOver, "- process: { id: wait-for-turn, ref: turn }\n                    " + handOver);
        source.run("UPDATE orders SET customer = 'customer ' || MOD(id, 5)");
        drover.sizes(200, 20, 400);
        Set<String> before = stopWithUnknownOutcomes();

        // When
        drover.sizes(200, 30, 600).run();

        // Then
        assertThat(attempts(receiver.acceptedRequests().toList())).containsAll(before);
        assertOneBodyForEachKey();
        assertAcceptedOnceExcept();
        Map<String, List<Integer>> ofCustomer = receiver.acceptedRequests()
                .flatMap(request -> request.records().stream())
                .collect(Collectors.groupingBy(
                        order -> order.get("customer").asText(),
                        Collectors.mapping(order -> order.get("id").asInt(), Collectors.toList())));
        assertThat(ofCustomer).hasSize(5);
        assertThat(ofCustomer.values()).allSatisfy(ids -> assertThat(ids).isSorted());
    }

    /** Its lease ran out while it waited for an answer, and it does not know: only what it writes can tell it. */
    @Test
    void shouldApplyNothingTwiceWhenAFormerOwnerGetsItsAnswerLate() {
        // Given
        CountDownLatch late = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        Fault slow = Fault.slow(60_000, late);
        receiver.fails(request -> requests.incrementAndGet() == 1 ? slow.answer(request) : Optional.empty());
        drover.set("drover.lease.duration", 3_600_000).set("drover.delivery.parallelism", 1);
        drover.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> requests.get() == 1);
        source.run("UPDATE drover_checkpoint SET leased_until = 0");
        try (Drover second = Drover.reading(source)) {
            second.file(RouteFile.of("routes/examples/" + FILE))
                    .sendingTo(receiver)
                    .sizes(200, 90, 600)
                    .draining()
                    .run();

            // When
            late.countDown();
            drover.awaitEnd();
        }

        // Then
        assertThat(drover.pipeline("exactly-once").ledger().halted())
                .hasValueSatisfying(why -> assertThat(why).startsWith("pipeline exactly-once is no longer owned by 1"));
        Map<String, Request> applied = receiver.acceptedRequests()
                .collect(Collectors.toMap(Request::key, Function.identity(), (known, again) -> known));
        assertThat(applied.values().stream()
                        .flatMap(request -> request.records().stream())
                        .map(order -> order.get("id").asInt()))
                .hasSize(ROWS)
                .doesNotHaveDuplicates();
        assertOneBodyForEachKey();
        assertThat(receiver.requests()).hasSize(applied.size() + 1);
        assertThat(source.column("SELECT settled FROM drover_checkpoint")).containsExactly(String.valueOf(ROWS));
    }

    @Test
    void shouldSendNothingAndKeepNothingWhenTheCheckpointHasPassedAll() {
        // Given
        drover.run();
        int requests = receiver.requests().size();

        // When
        drover.run();

        // Then
        assertThat(receiver.requests()).hasSize(requests);
        assertThat(source.column("SELECT id FROM drover_kept_batch")).isEmpty();
        assertAcceptedOnceExcept();
    }

    @Test
    void shouldReadTheRecordsAgainWhenAKeptBatchIsRefused() {
        // Given
        Set<String> before = stopWithUnknownOutcomes();
        receiver.fails(Fault.rejectRecords(422, 7));

        // When
        drover.sizes(200, 90, 600).run();

        // Then
        assertThat(attempts(receiver.requests())).containsAll(before);
        assertOneBodyForEachKey();
        assertAcceptedOnceExcept("7");
        assertThat(source.column("SELECT payload FROM drover_dead_letter"))
                .singleElement()
                .asString()
                .contains("\"id\":7,", "\"customer\":\"customer 7\"");
    }

    @Test
    void shouldReadTheRecordAgainWhenAKeptBatchOfOneIsRefused() {
        // Given
        drover.sizes(20, 1, 20);
        stopWithUnknownOutcomes();
        receiver.fails(Fault.rejectRecords(422, 1, 2, 3));

        // When
        drover.sizes(200, 90, 600).run();

        // Then
        assertOneBodyForEachKey();
        assertAcceptedOnceExcept("1", "2", "3");
        assertThat(source.column("SELECT payload FROM drover_dead_letter"))
                .hasSize(3)
                .allSatisfy(payload -> assertThat(payload).contains("\"customer\":\"customer "));
    }

    @Test
    void shouldNotBringARefusedBatchBackWhenItsHalvesAreKept() {
        // Given
        receiver.fails(request -> request.records().size() > 40
                ? Fault.respond(413).answer(request)
                : Fault.dropConnection().answer(request));
        drover.start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> receiver.requests().stream()
                                .filter(request -> request.records().size() <= 40)
                                .count()
                        >= 4);
        drover.stop();
        Set<String> divided = attempts(receiver.requests().stream()
                .filter(request -> request.records().size() <= 40)
                .toList());
        Set<String> refused = receiver.requests().stream()
                .filter(request -> request.records().size() > 40)
                .map(Request::key)
                .collect(Collectors.toSet());
        receiver.fails(Fault.none());

        // When
        drover.run();

        // Then
        assertAcceptedOnceExcept();
        assertThat(attempts(receiver.acceptedRequests().toList())).containsAll(divided);
        assertThat(receiver.acceptedRequests()).extracting(Request::key).doesNotContainAnyElementsOf(refused);
    }

    @Test
    void shouldSendNothingWhileABatchCanNotBeKept() {
        // Given
        drover.run();
        int requests = receiver.requests().size();
        source.orders(ROWS + 1, 2 * ROWS);
        source.run("ALTER TABLE drover_kept_batch ADD COLUMN obstacle INT DEFAULT 1 NOT NULL CHECK (obstacle > 1)");
        drover.start();
        await().during(Duration.ofSeconds(1)).until(() -> receiver.requests().size() == requests);

        // When
        source.run("ALTER TABLE drover_kept_batch DROP COLUMN obstacle");
        drover.awaitEnd();

        // Then
        assertThat(receiver.accepted()).hasSize(2 * ROWS);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldHaltWhenTheRouteDoesNotKeepBatchesAnyMore() {
        // Given
        stopWithUnknownOutcomes();
        int requests = receiver.requests().size();

        // When
        drover.edit(FILE, KEEPING, "").start();
        drover.awaitEnd();

        // Then
        Pipeline pipeline = drover.pipeline("exactly-once");
        assertThat(pipeline.ledger().halted().orElseThrow()).contains("deliver-exactly-once", "checkpoint");
        assertThat(receiver.requests()).hasSize(requests);
    }

    @Test
    void shouldStopAtOnceWhenTheDestinationIsAwayWhileBatchesAreSentAgain() {
        // Given
        Set<String> before = stopWithUnknownOutcomes();
        receiver.fails(Fault.respond(503));
        int requests = receiver.requests().size();
        drover.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> receiver.requests().size() > requests);

        // When
        drover.stop();

        // Then
        receiver.fails(Fault.none());
        drover.run();
        assertThat(attempts(receiver.acceptedRequests().toList())).containsAll(before);
        assertAcceptedOnceExcept();
    }

    /** Ends a run of which every request was dropped; returns what was sent under which key. */
    private Set<String> stopWithUnknownOutcomes() {
        receiver.fails(Fault.dropConnection());
        drover.start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> attempts(receiver.requests()).size() >= 3);
        drover.stop();
        receiver.fails(Fault.none());
        return attempts(receiver.requests());
    }

    private static Set<String> attempts(List<Request> requests) {
        return requests.stream()
                .map(request -> request.key() + " " + request.bodyHash())
                .collect(Collectors.toSet());
    }

    private void assertOneBodyForEachKey() {
        Set<String> keys = receiver.requests().stream().map(Request::key).collect(Collectors.toSet());
        assertThat(attempts(receiver.requests())).hasSameSizeAs(keys);
    }

    private void assertAcceptedOnceExcept(String... refused) {
        assertThat(receiver.accepted()).hasSize(ROWS - refused.length).doesNotContainKeys(refused);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(source.column("SELECT settled FROM drover_checkpoint")).containsExactly(String.valueOf(ROWS));
    }
}
