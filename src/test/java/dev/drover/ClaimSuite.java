package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An outbox whose rows are claimed: shared by instances, each row marked by itself. */
abstract class ClaimSuite {

    private static final int ROWS = 2_000;
    private static final String OPEN = "SELECT COUNT(*) FROM orders WHERE settled_at IS NULL";

    private final Database source = outbox(database());
    private final Receiver receiver = Receiver.start("id");
    private final List<Drover> instances = new ArrayList<>();

    abstract Database database();

    private static Database outbox(Database database) {
        String time = database.url().startsWith("jdbc:mariadb") ? "TIMESTAMP(6) NULL" : "TIMESTAMP WITH TIME ZONE";
        database.orders(1, ROWS)
                .run(
                        "ALTER TABLE orders ADD COLUMN claim_token VARCHAR(40)",
                        "ALTER TABLE orders ADD COLUMN claimed_until " + time,
                        "ALTER TABLE orders ADD COLUMN settled_at " + time);
        return database;
    }

    @AfterEach
    void stop() {
        instances.forEach(Drover::close);
        receiver.close();
    }

    @Test
    void shouldDeliverEachRowOnceWhenTwoInstancesShareTheTable() {
        // Given
        Drover one = instance();
        Drover other = instance();

        // When
        one.start();
        other.start();
        await().until(() -> source.number(OPEN), BigDecimal.ZERO::equals);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(rows(one) + rows(other)).isEqualTo(ROWS);
    }

    @Test
    void shouldSetTheNewRowAsideWhenItHasTheKeyOfOneThatWasSetAside() {
        // Given
        source.run("DELETE FROM orders WHERE id > 2");
        receiver.fails(Fault.respond(422));
        instance().draining().run();

        // When
        source.run("UPDATE orders SET customer = 'another', claim_token = NULL, settled_at = NULL");
        instance().draining().run();

        // Then
        assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter")).isEqualTo(new BigDecimal(4));
        assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter WHERE payload LIKE '%another%'"))
                .isEqualTo(new BigDecimal(2));
        assertThat(receiver.requests().stream().map(Request::key))
                .as("each batch of two, and its halves")
                .doesNotHaveDuplicates()
                .hasSize(6);
        assertThat(receiver.requests())
                .noneMatch(request -> request.records().toString().contains("claim"));
    }

    @Test
    void shouldMarkEveryOtherRowWhenOneBatchIsHeld() {
        // Given
        receiver.fails(Fault.rejectRecords(503, 77));

        // When
        instance().sizes(100, 50, 400).start();

        // Then
        await().until(() -> source.number(OPEN), new BigDecimal(50)::equals);
        assertThat(receiver.accepted()).hasSize(ROWS - 50);
    }

    @Test
    void shouldMarkTheRowWhenItIsFilteredOrDeadLettered() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 501));
        Drover drover = instance()
                .file(route().before(
                                "              - aggregate:",
                                "              - filter:",
                                "                  id: few",
                                "                  simple: { expression: \"${body[id]} > 500\" }",
                                "                  steps:",
                                "                    - log: { id: seen, message: seen, loggingLevel: TRACE }",
                                "              - filter:",
                                "                  id: few-stop",
                                "                  simple: { expression: \"${body[id]} <= 500\" }",
                                "                  steps:",
                                "                    - stop: { id: stop }"));

        // When
        drover.draining().run();

        // Then
        assertThat(source.number(OPEN)).isEqualTo(BigDecimal.ZERO);
        assertThat(receiver.accepted()).hasSize(ROWS - 501);
        assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter")).isEqualTo(BigDecimal.ONE);
    }

    @Test
    void shouldMarkEachRowWhenThePipelineHasTheShortForm() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 501));
        RouteFile shortForm =
                RouteFile.of("routes/examples/short.camel.yaml").replace("drover-follow-source", "drover-claim-source");
        Drover drover = instance().without("orders-table.camel.yaml").file(shortForm);

        // When
        drover.draining().run();

        // Then
        assertThat(source.number(OPEN)).isEqualTo(BigDecimal.ZERO);
        assertThat(receiver.accepted()).hasSize(ROWS - 1);
        assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter")).isEqualTo(BigDecimal.ONE);
    }

    @Test
    void shouldGiveBackWhatIsNotDeliveredWhenItStops() {
        // Given
        receiver.fails(Fault.respond(503));
        Drover drover = instance().start();
        await().until(() -> source.number("SELECT COUNT(*) FROM orders WHERE claimed_until IS NOT NULL")
                        .signum()
                > 0);

        // When
        drover.stop();
        receiver.fails(Fault.none());
        instance().draining().run();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldKeepItsClaimsWhenItStopsWhileItsBatchesAreUnderWay() {
        // Given
        CountDownLatch answers = new CountDownLatch(1);
        receiver.fails(Fault.slow(60_000, answers));
        Drover one = instance().start();
        await().until(
                        () -> source.number("SELECT COUNT(*) FROM orders WHERE claimed_until IS NOT NULL"),
                        new BigDecimal(ROWS)::equals);

        // When
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(one::stop);
        Drover other = instance().draining().start();
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true); // it would take now what was given back too early
        answers.countDown();
        stopping.join();
        other.awaitEnd();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldKeepItsClaimsWhenItWaitsForLongerThanTheyLast() {
        // Given
        receiver.fails(Fault.respond(503));
        instance()
                .file(route().replace(
                                "table: orders", "table: orders\n        claimLease: 1500\n        delay: 600000"))
                .set("drover.lease.duration", 1000)
                .start();
        String claimed = "SELECT COUNT(*) FROM orders WHERE claimed_until IS NOT NULL";
        await().until(() -> source.number(claimed), new BigDecimal(ROWS)::equals);
        String until = source.column("SELECT MAX(claimed_until) FROM orders").get(0);

        // When
        await().until(() ->
                !source.column("SELECT MIN(claimed_until) FROM orders").get(0).equals(until)
                        && source.number("SELECT COUNT(*) FROM orders WHERE claimed_until > '" + until + "'")
                                        .intValueExact()
                                == ROWS);

        // Then
        assertThat(receiver.accepted()).isEmpty();
    }

    @Test
    void shouldSettleRowsThatAreGoneWhenTheClaimsAreInATableOfTheirOwn() {
        // Given
        source.run(
                "CREATE TABLE outbox AS SELECT id, claim_token, claimed_until, settled_at FROM orders",
                "DELETE FROM orders WHERE id <= 10");

        // When
        instance()
                .file(route().replace("table: orders", "table: orders\n        claimTable: outbox"))
                .draining()
                .run();

        // Then
        assertThat(source.number("SELECT COUNT(*) FROM outbox WHERE settled_at IS NULL"))
                .isEqualTo(BigDecimal.ZERO);
        assertThat(receiver.accepted()).hasSize(ROWS - 10);
        assertThat(source.number(OPEN)).isEqualTo(new BigDecimal(ROWS - 10));
    }

    private RouteFile route() {
        return RouteFile.of("routes/examples/orders-table.camel.yaml");
    }

    private Drover instance() {
        Drover drover = Drover.reading(source)
                .file(route())
                .sendingTo(receiver)
                .set("drover.source.consistency", "CLAIM")
                .sizes(100, 50, 2_000);
        instances.add(drover);
        return drover;
    }

    private static long rows(Drover drover) {
        return drover.pipelines().get(0).tally().rows();
    }
}
