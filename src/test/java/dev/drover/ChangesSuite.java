package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.folder.FindingsException;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Items;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.Scrape;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Inserts, updates and deletes of a table, however its changes are read. */
public abstract class ChangesSuite {

    protected final Database source = database();
    protected final Receiver receiver = Receiver.start("change_id");
    protected final Items items = items();
    protected final Drover drover = Drover.reading(source)
            .file(items.route())
            .sendingTo(receiver)
            .sizes(100, 20, 100)
            .set("drover.source.promises", "");

    protected abstract Database database();

    protected abstract Items items();

    /** The statement after which changes are missing. */
    protected abstract String disable();

    /** What is said of it. */
    protected abstract String disabled();

    /** What doctor says while no change is missing. */
    protected abstract String atWork();

    /** The rows that are not read yet, as the metrics show them when there are none. */
    protected abstract Double rowsAhead();

    @AfterEach
    protected void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldDeliverTheLatestStateWhenRowsComeChangeAndGo() {
        // Given
        items.with(250).logged();
        drover.start();
        items.awaitInStep();

        // When
        items.change();
        source.run("ALTER TABLE items ADD COLUMN later TEXT");

        // Then
        items.awaitInStep();
        assertThat(items.there()).hasSize(239);

        // When the last row goes
        source.run("DELETE FROM items");

        // Then
        items.awaitInStep();
    }

    @Test
    void shouldKeepTheOrderOfAKeyWhenItsFirstChangeIsRefusedForAWhile() {
        // Given
        items.with(1).logged();
        drover.sizes(100, 20, 1_000).start();
        items.awaitInStep();
        receiver.fails(Fault.refuseWhile(503, () -> true).times(3));

        // When
        source.run("UPDATE items SET version = 2");
        await().until(() -> receiver.requests().size() > 1);
        source.run("UPDATE items SET version = 3");

        // Then
        await().until(() ->
                receiver.requests().stream().filter(Request::accepted).count() == 3);
        items.awaitInStep();
    }

    @Test
    void shouldDeliverTheOthersWhenARowChangesFasterThanItIsRead() throws Exception {
        // Given
        items.with(200).logged();
        drover.sizes(10, 10, 10).start();
        items.awaitInStep();
        AtomicBoolean others = new AtomicBoolean();
        Thread hot = new Thread(() -> {
            while (!others.get()) {
                source.run("UPDATE items SET version = version + 1 WHERE id = 1");
            }
        });
        hot.start();
        try {
            // When
            source.run("UPDATE items SET name = 'cold' WHERE id > 1", "DELETE FROM items WHERE id = 200");

            // Then
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                Map<String, String> received = items.received();
                return !received.containsKey("200")
                        && received.values().stream()
                                        .filter(row -> row.startsWith("cold|"))
                                        .count()
                                == 198;
            });
        } finally {
            others.set(true);
            hot.join();
        }
        items.awaitInStep();
    }

    @Test
    void shouldHaltWhenChangesAreMissingAndRefuseToStart() {
        // Given
        items.with(10).logged();
        drover.start();
        items.awaitInStep();

        // When
        source.run(disable());

        // Then
        await().atMost(Duration.ofMinutes(1))
                .until(() -> drover.pipeline("items").state() == Pipeline.State.HALTED);
        assertThat(drover.pipeline("items").ledger().halted().orElseThrow())
                .contains("changes: " + disabled(), "drover checkpoint reset");
        drover.stop();
        assertThatThrownBy(() -> drover.checked().start())
                .isInstanceOf(FindingsException.class)
                .hasMessageContaining("changes: " + disabled());
        assertThat(items.drover("doctor")).startsWith("1: ").contains("changes: " + disabled());
    }

    @Test
    void shouldHaltWhenChangesAreMissingWhileTheDestinationIsDown() {
        // Given
        items.with(10).logged();
        receiver.fails(Fault.respond(503));
        drover.start();
        await().until(() -> !receiver.requests().isEmpty());

        // When
        source.run(disable());

        // Then
        await().atMost(Duration.ofMinutes(1))
                .until(() -> drover.pipeline("items").state() == Pipeline.State.HALTED);
        assertThat(drover.pipeline("items").ledger().halted().orElseThrow()).contains("changes: " + disabled());
    }

    @Test
    void shouldBeRefusedWhenAColumnOfTheRowsDoesNotExist() {
        // Given
        items.with(1).logged();
        drover.edit("orders-table.camel.yaml", "changes: true", "changes: true\n        columns: id,costs");

        // Then
        assertThatThrownBy(() -> drover.checked().start())
                .isInstanceOf(FindingsException.class)
                .hasMessageContaining("the page cannot be read")
                .hasMessageContaining("costs");
    }

    @Test
    void shouldSendTheRowAsItIsNowWhenADeadLetterIsReplayed() {
        // Given
        items.with(3).logged();
        receiver.fails(request -> Optional.of(new Answer(422, Map.of(), "refused")));
        drover.start();
        await().until(() -> drover.pipeline("items").tally().deadLetters() == 3);
        drover.stop();
        receiver.fails(Fault.none());
        source.run("UPDATE items SET version = 2 WHERE id = 1", "DELETE FROM items WHERE id = 2");

        // When
        drover.resend();
        BigDecimal kept = source.number("SELECT COUNT(*) FROM drover_dead_letter");
        drover.reread(false);

        // Then
        assertThat(kept).as("payloads are not sent again").isEqualTo(new BigDecimal(3));
        assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter")).isZero();
        assertThat(items.received()).isEqualTo(items.there());
        assertThat(receiver.requests().stream()
                        .flatMap(request -> request.records().stream())
                        .filter(change -> change.path("operation").asText().equals("delete")))
                .isNotEmpty();
    }

    @Test
    void shouldBeKnownToEveryCommandAndTheManagementPortWhenChangesAreRefused() {
        // Given
        items.with(3).logged();
        receiver.fails(request -> Optional.of(new Answer(422, Map.of(), "refused")));
        ManagementPort port = new ManagementPort();
        port.of(drover).start();
        Map<String, String> labels = Map.of("pipeline", "items");
        await().until(() -> drover.pipeline("items").tally().deadLetters() == 3);
        drover.awaitSettled();

        // When
        receiver.fails(Fault.none());
        source.run("DELETE FROM items WHERE id = 2");

        // Then
        await().until(() -> receiver.requests().stream().anyMatch(Request::accepted));
        await().untilAsserted(() -> assertThat(items.drover("status"))
                .startsWith("0: ")
                .contains("items: running", "4 read, 4 settled", "checkpoint    change_id=", "dead letters  3"));
        assertThat(items.drover("dead-letters", "list")).contains("422", "change_id=");
        assertThat(items.drover("doctor"))
                .contains("types: time without a zone, sent without one: updated_at")
                .contains(atWork())
                .doesNotContain("failed");
        await().untilAsserted(() -> {
            Scrape scrape = new Scrape(port.get("/observe/metrics").body());
            assertThat(scrape.value("drover_records_dead_lettered_total", labels))
                    .isEqualTo(3);
            assertThat(scrape.value("drover_lag_rows", labels)).isEqualTo(rowsAhead());
            assertThat(scrape.value("drover_lag_seconds", labels)).isLessThan(60);
        });
        assertThat(port.get("/console/status").body()).contains("\"checkpoint\" : \"change_id=");

        // When
        port.post("/console/replay", "{\"pipeline\": \"items\"}");

        // Then
        await().until(() -> port.get("/console/status").body().contains("3 stay: they are changes of rows"));
        assertThat(items.drover("dead-letters", "replay", "--all", "--reread")).contains("3 dead letters delivered");
        assertThat(items.received()).isEqualTo(items.there());
    }

    @Test
    void shouldReadAPageInPartsWhenItsRowsAreLong() {
        // Given
        items.with(20).logged();
        source.run("ALTER TABLE items ADD COLUMN notes TEXT", "UPDATE items SET notes = REPEAT('x', 1000)");
        drover.edit("orders-table.camel.yaml", "changes: true", "changes: true\n        maxPageBytes: 3000");

        // When
        drover.start();

        // Then
        items.awaitInStep();
        assertThat(receiver.requests()).hasSizeGreaterThan(5);
    }
}
