package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a pipeline must hold, whatever database it reads and whatever form its route has. Runs the very files of
 * {@code routes/}; the oracle is a real HTTP server that counts.
 */
abstract class AcceptanceSuite {

    private final Database source = database();
    private final RouteFile route = form().file();
    private Receiver receiver;
    private Drover drover;

    abstract Database database();

    abstract PipelineForm form();

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        drover = Drover.reading(source).file(route).sendingTo(receiver);
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldSendFullBatchesAndTheRestAtOnceWhenTheSourceIsDrained() {
        // Given
        source.orders(1, 10_050);
        drover.sizes(1000, 500, 10_000).start();

        // When
        awaitAccepted(10_050);

        // Then
        assertDeliveredOnce();
        assertThat(receiver.batchSizes()).isEqualTo(Map.of(500, 20L, 50, 1L));
        await().until(drover::checkpoint, "id=10050"::equals);
    }

    @Test
    void shouldDeliverEachRowOnceWhenThePageSizeDoesNotDivideTheRows() {
        // Given
        source.orders(1, 2000);
        drover.sizes(333, 70, 5000).draining();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
        assertThat(receiver.batchSizes()).isEqualTo(Map.of(70, 28L, 40, 1L));
    }

    @Test
    void shouldDeliverEachRowOnceWhenThePageSizeDividesTheRows() {
        // Given
        source.orders(1, 2000);
        drover.sizes(500, 250, 1000).draining();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
        assertThat(receiver.batchSizes()).isEqualTo(Map.of(250, 8L));
        assertThat(storedCheckpoint().get(0)).contains("2000");
    }

    @Test
    void shouldSendNothingWhenTheTableIsEmpty() {
        // Given
        source.orders(1, 1);
        source.run("DELETE FROM orders");
        drover.draining();

        // When
        runToTheEnd();

        // Then
        assertThat(receiver.requests()).isEmpty();
        assertThat(storedCheckpoint()).isEmpty();
    }

    @Test
    void shouldDeliverEachRowOnceWhenAWriterAddsRowsInKeyOrderMeanwhile() {
        // Given
        source.orders(1, 100);
        drover.file(withParameter("delay: 20")).sizes(50, 20, 200).start();

        // When
        for (int id = 101; id <= 900; id += 8) {
            source.orders(id, id + 7);
        }
        awaitAccepted(900);

        // Then
        assertDeliveredOnce();
        await().until(drover::checkpoint, "id=900"::equals);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 49, 100, 101, 137, 250, 599})
    void shouldGoOnAfterTheLastRecordWhenALimitEndedTheRunBefore(int limit) {
        // Given
        source.orders(1, 600);
        drover.sizes(100, 40, 300).draining();
        drover.file(withParameter("limit: " + limit)).run();
        Map<String, Integer> first = receiver.accepted();
        drover.file(route);

        // When
        runToTheEnd();

        // Then
        assertThat(first).hasSize(limit).containsKey(String.valueOf(limit));
        assertDeliveredOnce();
    }

    @Test
    void shouldDeliverEachRowOnceWhenItIsStoppedAndStartedAgain() {
        // Given
        source.orders(1, 3000);
        drover.sizes(100, 50, 300).draining().start();
        await().until(() -> receiver.accepted().size() > 500);
        drover.stop();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
    }

    @Test
    void shouldDeliverEachRowOnceWhenTheKeyHasTwoColumns() {
        // Given
        source.orders(1, 1000);
        source.run(
                "ALTER TABLE orders ADD COLUMN tenant INT DEFAULT 0 NOT NULL",
                "UPDATE orders SET tenant = MOD(id, 3)",
                "CREATE UNIQUE INDEX by_tenant ON orders (tenant, id)");
        drover.file(form().composite(route)).sizes(97, 50, 500).draining();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
        assertThat(storedCheckpoint().get(0)).contains("998");
    }

    @Test
    void shouldDeliverEachRowOnceWhenTheKeyIsText() {
        // Given
        source.orders(1, 1000);
        source.run(
                "ALTER TABLE orders ADD COLUMN code VARCHAR(20) DEFAULT '' NOT NULL",
                "UPDATE orders SET code = CONCAT('O''Neill ', id)",
                "CREATE UNIQUE INDEX by_code ON orders (code)");
        drover.file(form().text(route)).sizes(97, 50, 500).draining();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
    }

    @Test
    void shouldDeliverEachRowOnceWhenTheKeyIsAUuid() {
        // Given
        source.orders(1, 1000);
        source.run(
                "ALTER TABLE orders ADD COLUMN ref UUID DEFAULT '00000000-0000-0000-0000-000000000000' NOT NULL",
                "UPDATE orders SET ref = CAST(CONCAT('5f3c0000-0000-4000-', 1000 + MOD(id * 7919, 1000),"
                        + " '-000000000000') AS UUID)",
                "CREATE UNIQUE INDEX by_ref ON orders (ref)");
        drover.file(form().uuid(route)).sizes(97, 50, 500).draining();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
    }

    @Test
    void shouldDeliverEachRowOnceWhenTheKeyIsATimeAndAnId() {
        // Given
        source.orders(1, 1000);
        source.run(
                "UPDATE orders SET ordered_at = TIMESTAMP '2026-01-02 08:00:00.000001' WHERE MOD(id, 3) = 0",
                "UPDATE orders SET ordered_at = TIMESTAMP '2026-01-02 08:00:00.000002' WHERE MOD(id, 3) = 1",
                "CREATE UNIQUE INDEX by_time ON orders (ordered_at, id)");
        drover.file(form().timestamp(route)).sizes(97, 50, 500).draining();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendTheSameBatchesWhetherAStepTakesEachRecordOrNot(boolean takes) {
        // Given
        source.orders(1, 1050);
        drover.file(takes ? form().step(route, "- log: seen") : route)
                .sizes(200, 120, 2000) // never full, so nothing but the end closes a batch early
                .draining();

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(drover.pipelines()).isNotEmpty().allSatisfy(pipeline -> assertThat(
                        pipeline.ledger().collecting().usesSlices())
                .isEqualTo(!takes));
        drover.stop();
        assertDeliveredOnce();
        assertThat(receiver.batchSizes()).isEqualTo(Map.of(120, 8L, 90, 1L));
    }

    @Test
    void shouldKeepEachBatchBelowItsBytesWhenTheyAreLimited() {
        // Given
        source.orders(1, 2000);
        drover.edit("beans.camel.yaml", "maxBytes: 0", "maxBytes: 16384");
        drover.sizes(500, 500, 2000).draining();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
        assertThat(receiver.requests())
                .allSatisfy(request -> assertThat(withoutPunctuation(request)).isLessThanOrEqualTo(16_384))
                .hasSizeLessThan(2000 / 100);
    }

    @Test
    void shouldPassFilteredRowsWhenAFilterStandsBeforeTheBatch() {
        // Given
        source.orders(1, 1000);
        RouteFile filtered = form().step(
                        route,
                        "- filter:",
                        "    id: few-only",
                        "    simple:",
                        "      expression: \"${body[quantity]} > 2\"",
                        "    steps:",
                        "      - stop: {}");
        drover.file(filtered).sizes(100, 50, 300).draining();

        // When
        runToTheEnd();

        // Then
        assertThat(receiver.accepted().keySet())
                .containsExactlyInAnyOrderElementsOf(source.column("SELECT id FROM orders WHERE quantity <= 2"));
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(storedCheckpoint().get(0)).contains("1000");
    }

    @Test
    void shouldNotBlockItselfWhenIncompleteGroupsFillTheWindow() {
        // Given
        source.orders(1, 3000);
        drover.file(form().keyed(route)).sizes(250, 500, 1000).draining();

        // When
        runToTheEnd();

        // Then
        assertDeliveredOnce();
        assertThat(receiver.requests()).allSatisfy(request -> assertThat(request.records())
                .extracting(order -> order.path("customer").asText())
                .containsOnly(request.records().get(0).path("customer").asText()));
    }

    private void runToTheEnd() {
        drover.start();
        drover.awaitEnd();
        assertThat(drover.pipelines())
                .allSatisfy(pipeline -> assertThat(pipeline.ledger().halted()).isEmpty());
        drover.stop();
    }

    private void awaitAccepted(int records) {
        await().atMost(Duration.ofSeconds(60)).until(() -> receiver.accepted().size() >= records);
    }

    /** Every row of the table, once, to the cent. */
    private void assertDeliveredOnce() {
        assertThat(receiver.accepted().keySet())
                .containsExactlyInAnyOrderElementsOf(source.column("SELECT id FROM orders"));
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(receiver.amount()).isEqualByComparingTo(source.number("SELECT SUM(amount) FROM orders"));
    }

    private List<String> storedCheckpoint() {
        return source.column("SELECT cursor_json FROM drover_checkpoint WHERE cursor_json IS NOT NULL");
    }

    private RouteFile withParameter(String parameter) {
        return route.after("key: id", parameter);
    }

    /** Brackets and commas are not counted by the limit. */
    private static int withoutPunctuation(Request request) {
        return request.bytes() - request.records().size() - 1;
    }
}
