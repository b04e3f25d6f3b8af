package dev.drover;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Answer;
import dev.drover.testing.Contract;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import dev.drover.testing.Verdict;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that accept a part of a batch: the rest, and nothing but the rest, is sent again or set aside. */
@Integration
class OutcomesTest {

    private static final int ROWS = 300;
    private static final Set<String> POISON = Set.of("7", "137", "138");
    private static final Set<String> BUSY = Set.of("8", "250");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Database source = Database.h2().orders(1, ROWS);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover =
            Drover.reading(source).sendingTo(receiver).sizes(200, 100, 600).draining();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEachRecordOnceWhenTheAnswerAcceptsAPart(Contract contract) {
        // Given
        drover.file(route(contract));
        drover.edit(
                "beans.camel.yaml", "policy: batch-item-failures", "policy: batch-item-failures\n        attempts: 4");
        receiver.fails(contract.refusing(POISON, BUSY));
        try (Verdict verdict = new Verdict(source, receiver)) {

            // When
            drover.start();
            drover.awaitEnd();

            // Then
            verdict.assertEachOnce(drover);
        }
        assertThat(receiver.requests())
                .noneMatch(request -> request.headers().toString().contains("leaked"));
        assertThat(source.column("SELECT record_key FROM drover_dead_letter"))
                .containsExactlyInAnyOrder("id=7", "id=137", "id=138");
        assertThat(source.column("SELECT destination FROM drover_dead_letter"))
                .allSatisfy(destination -> assertThat(destination).contains("deliver"));
        assertThat(source.column("SELECT reason FROM drover_dead_letter")).allSatisfy(reason -> assertThat(reason)
                .containsAnyOf("on purpose", "not accepted in 4 attempts", "forbidden"));
    }

    @Test
    void shouldFindEachDocumentAgainWhenAnAnswerIsLost() {
        // Given
        drover.file(route(Contract.OPENSEARCH));
        Fault service = Contract.OPENSEARCH.refusing(POISON, BUSY);
        Fault stored = request -> service.answer(request).map(answer -> new Answer(0, Map.of(), "", answer.stored()));
        Fault lost = stored.times(2);
        receiver.fails(request -> lost.answer(request).or(() -> service.answer(request)));

        // When
        drover.run();

        // Then
        assertThat(receiver.duplicates()).hasSizeGreaterThan(100);
        assertThat(receiver.accepted()).hasSize(ROWS - POISON.size()).doesNotContainKeys("7", "137", "138");
        assertThat(receiver.requests().stream()
                        .collect(groupingBy(Request::key, mapping(Request::bodyHash, toSet())))
                        .values())
                .allSatisfy(bodies -> assertThat(bodies).hasSize(1));
        assertThat(source.column("SELECT DISTINCT reason FROM drover_dead_letter"))
                .containsExactly("status 422: mapper: on purpose");
    }

    @Test
    void shouldSendNothingAndSayWhyWhenTheRecordsHaveNoId() {
        // Given
        drover.file(route(Contract.OPENSEARCH)).edit("beans.camel.yaml", "        id: id", "        id: order_id");

        // When
        drover.start();
        await().atMost(PATIENCE)
                .until(() ->
                        drover.pipeline("bulk-index").ledger().faults().alarm().isPresent());

        // Then
        assertThat(drover.pipeline("bulk-index").ledger().faults().alarm().orElseThrow())
                .startsWith("a record has no field order_id, which is the id of its document");
        assertThat(receiver.requests()).isEmpty();
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
    }

    private static RouteFile route(Contract contract) {
        return switch (contract) {
            case MULTI_STATUS -> RouteFile.of("routes/examples/multi-status.camel.yaml");
            case OPENSEARCH -> RouteFile.of("routes/examples/bulk-index.camel.yaml");
            case COUCHDB -> RouteFile.of("routes/examples/bulk-items.camel.yaml");
            case LAMBDA -> RouteFile.of("routes/examples/batch-item-failures.camel.yaml");
            case MIXPANEL -> RouteFile.of("routes/examples/failed-records.camel.yaml");
            case KINESIS, SALESFORCE, BIGQUERY, SPLUNK, FORM ->
                RouteFile.of("routes/examples/answers-" + contract.name().toLowerCase(Locale.ROOT) + ".camel.yaml");
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Welcome</html>",
                "",
                "{}",
                "[]",
                "{\"items\":[]}",
                "{\"errors\":false}",
                "{\"errors\":false,\"items\":[{\"index\":{\"status\":201}}]}",
                "{\"errors\":false,\"items\":[{\"index\":{\"status\":201}}"
            })
    void shouldSendTheSameBatchAgainWhenTheAnswerCanNotBeRead(String body) {
        // Given
        drover.file(RouteFile.of("routes/orders.camel.yaml").replace("ref: outcome", "ref: bulkItems"));
        Answer unreadable = new Answer(200, Map.of(), body, Optional.of(Set.of()));
        Fault unreadableTwice = ((Fault) request -> Optional.of(unreadable)).times(2);
        Fault service = Contract.OPENSEARCH.refusing(Set.of(), Set.of());
        receiver.fails(request -> unreadableTwice.answer(request).or(() -> service.answer(request)));
        try (Logs logs = new Logs();
                Verdict verdict = new Verdict(source, receiver)) {

            // When
            drover.start();
            drover.awaitEnd();

            // Then
            verdict.assertEachOnce(drover);
            assertThat(logs.errors()).isNotEmpty().allSatisfy(error -> assertThat(error)
                    .contains("orders: nothing of a batch is accepted", "bulk-items"));
        }
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
        Request refused = receiver.requests().stream()
                .filter(request -> !request.accepted())
                .findFirst()
                .orElseThrow();
        assertThat(receiver.acceptedRequests())
                .filteredOn(request -> request.key().equals(refused.key()))
                .singleElement()
                .satisfies(accepted -> assertThat(accepted.bodyHash()).isEqualTo(refused.bodyHash()));
    }

    @Test
    void shouldTakeAConflictForADuplicateWhenTheRouteSaysSo() {
        // Given
        drover.file(RouteFile.of("routes/orders.camel.yaml")
                .replace("httpMethod: POST", "httpMethod: POST\n              okStatusCodeRange: 200-299,409"));
        Set<Integer> all = Set.copyOf(IntStream.range(0, 100).boxed().toList());
        receiver.fails(request -> Optional.of(new Answer(409, Map.of(), "known", Optional.of(all))));
        try (Verdict verdict = new Verdict(source, receiver)) {

            // When
            drover.start();
            drover.awaitEnd();

            // Then
            verdict.assertEachOnce(drover);
        }
        assertThat(receiver.requests()).hasSize(ROWS / 100);
    }

    @Test
    void shouldRefuseToStartWhenThePolicyIsUnknown() {
        // Given
        drover.file(
                        new RouteFile(
                                "policies.camel.yaml",
                                """
                - beans:
                    - name: partly
                      type: dev.drover.delivery.Outcome
                      properties:
                        policy: multistatus
                """))
                .file(RouteFile.of("routes/orders.camel.yaml"));

        // When
        Throwable refused = catchThrowable(drover::start);

        // Then
        assertThat(refused)
                .rootCause()
                .hasMessage("policy: multistatus is not allowed, it must be one of status, multi-status, items,"
                        + " bulk-items, batch-item-failures, json-pointer, stored-before");
        assertThat(receiver.requests()).isEmpty();
    }
}
