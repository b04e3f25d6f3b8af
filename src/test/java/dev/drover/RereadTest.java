package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.deadletter.ReplayCounts;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of dead letters that are read again by their keys and go through the route as they are now. */
@Integration
class RereadTest {

    private static final int ROWS = 40;

    private final Database database = Database.h2().orders(1, ROWS);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(database)
            .sendingTo(receiver)
            .sizes(10, 20, 40)
            .set("drover.source.consistency", "STATIC")
            .draining();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendEachRowAsItIsNowWhenItWasRefused(PipelineForm form) {
        // Given
        receiver.fails(Fault.rejectRecords(422, 1, 7, 23, 30, 31));
        drover.file(form.file()).run();
        String before = letter(30);
        database.run("UPDATE orders SET customer = 'repaired' WHERE id IN (1, 7)", "DELETE FROM orders WHERE id = 23");
        receiver.fails(Fault.rejectRecords(422, 30));

        // When
        ReplayCounts counts = drover.reread(false);

        // Then
        assertThat(counts.delivered()).isEqualTo(3);
        assertThat(counts.refusedAgain()).isEqualTo(1);
        assertThat(counts.gone()).isEqualTo(1);
        assertThat(counts.undelivered()).isZero();
        assertThat(deadLetters()).containsExactly("id=23", "id=30");
        assertThat(letter(30)).isEqualTo(before);
        assertThat(accepted(7).path("customer").asText()).isEqualTo("repaired");
        assertThat(accepted(1).path("customer").asText()).isEqualTo("repaired");
        assertThat(receiver.accepted()).hasSize(ROWS - 2).doesNotContainKeys("23", "30");
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(database.column("SELECT CONCAT(cursor_json, settled, epoch) FROM drover_checkpoint"))
                .containsExactly("[{\"column\":\"id\",\"type\":\"long\",\"value\":\"40\"}]401");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRemoveWhatIsGoneOnlyWhenThatIsSaid(PipelineForm form) {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7, 40));
        drover.file(form.file()).run();
        database.run("DELETE FROM orders WHERE id = 40");

        // When
        ReplayCounts counts = drover.reread(true);

        // Then
        assertThat(counts.gone()).isEqualTo(1);
        assertThat(deadLetters()).containsExactly("id=7");
    }

    @Test
    void shouldSendWhatFailedInAStepAndWhatHasNoPayloadAndRemoveWhatIsFiltered() {
        // Given
        RouteFile route = RouteFile.of("routes/orders.camel.yaml");
        receiver.fails(Fault.rejectRecords(422, 7));
        drover.set("drover.deadletters.payload", "false")
                .file(withSteps(route, "${body[id]} in '8,9,10'"))
                .run();
        int failed = deadLetters().size();
        database.run("UPDATE orders SET quantity = 0 WHERE id = 9", "UPDATE orders SET quantity = -1 WHERE id = 10");
        receiver.fails(Fault.none());

        // When
        ReplayCounts counts =
                drover.file(withSteps(route, "${body[quantity]} < 0")).reread(false);

        // Then
        assertThat(failed).isEqualTo(4);
        assertThat(counts.delivered()).isEqualTo(2);
        assertThat(counts.filtered()).isEqualTo(1);
        assertThat(counts.refusedAgain()).isEqualTo(1);
        assertThat(deadLetters()).containsExactly("id=10");
        assertThat(receiver.accepted()).hasSize(ROWS - 2).doesNotContainKeys("9", "10");
    }

    /** A step that fails for some records, and one that lets only some through. */
    private static RouteFile withSteps(RouteFile route, String fails) {
        String aggregate = "              - aggregate:\n";
        int at = route.text().indexOf(aggregate);
        String batch = route.text().substring(at, route.text().indexOf("- route:", at));
        String steps =
                """
                              - choice:
                                  id: some-fail
                                  when:
                                    - id: fails
                                      simple:
                                        expression: "FAILS"
                                      steps:
                                        - throwException:
                                            id: fail
                                            exceptionType: java.lang.IllegalStateException
                                            message: on purpose
                              - filter:
                                  id: only-some
                                  simple:
                                    expression: "${body[quantity]} != 0"
                                  steps:
                """
                        .replace("FAILS", fails);
        return route.replace(batch, steps + batch.indent(6));
    }

    @Test
    void shouldUseAnIdempotencyKeyOfItsOwnWhenTheRowMayHaveChanged() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7));
        drover.file(PipelineForm.TABLE.file()).run();
        Set<String> refused = receiver.requests().stream().map(Request::key).collect(Collectors.toSet());
        receiver.fails(Fault.none());

        // When
        ReplayCounts counts = drover.reread(false);

        // Then
        Request again = receiver.requests().get(receiver.requests().size() - 1);
        assertThat(counts.delivered()).isEqualTo(1);
        assertThat(again.records()).hasSize(1);
        assertThat(refused).isNotEmpty().doesNotContain(again.key());
    }

    @Test
    void shouldSayWhyWhenTheKeyIsNotKnownOrIsOneOfAnotherPipeline() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7, 8, 9));
        drover.file(PipelineForm.TABLE.file()).run();
        database.run(
                "UPDATE drover_dead_letter SET cursor_json = NULL WHERE record_key = 'id=7'",
                "UPDATE drover_dead_letter SET pipeline = 'other' WHERE record_key = 'id=8'",
                "UPDATE drover_dead_letter SET cursor_json = REPLACE(cursor_json, '\"id\"', '\"no\"')"
                        + " WHERE record_key = 'id=9'");
        receiver.fails(Fault.none());

        // When
        ReplayCounts counts = drover.reread(true);

        // Then
        assertThat(counts.kept())
                .isEqualTo(Map.of(
                        "were set aside without their exact key, by an earlier version or by an INSERT without"
                                + " :#cursor; set the checkpoint back to read them again",
                        1L,
                        "are of pipeline other, which is not among the routes",
                        1L,
                        "have the key [no], but the pipeline is read by key [id]",
                        1L));
        assertThat(deadLetters()).hasSize(3);
    }

    @Test
    void shouldSendNothingTwiceWhenTwoRereadAtOnceBesideTheRunningPipeline() throws Exception {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7, 23));
        drover.file(PipelineForm.TABLE.file())
                .set("camel.component.pages.mode", "FOLLOW")
                .start();
        await().until(() ->
                receiver.accepted().size() == ROWS - 2 && deadLetters().size() == 2);
        receiver.fails(Fault.respond(503));
        int before = receiver.requests().size();
        CompletableFuture<ReplayCounts> first = CompletableFuture.supplyAsync(() -> drover.reread(false));
        await().until(() -> receiver.requests().size() > before);

        // When
        ReplayCounts second = drover.reread(false);
        receiver.fails(Fault.none());

        // Then
        assertThat(second.kept().keySet()).singleElement().asString().startsWith("are sent by another replay");
        assertThat(first.get().delivered()).isEqualTo(2);
        assertThat(deadLetters()).isEmpty();
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(drover.pipelines().get(0).epoch()).isEqualTo(1);
    }

    @Test
    void shouldLeaveTheClaimsAloneWhenTheRowsAreClaimed() {
        // Given
        database.run(
                "ALTER TABLE orders ADD COLUMN claim_token VARCHAR(40)",
                "ALTER TABLE orders ADD COLUMN claimed_until TIMESTAMP WITH TIME ZONE",
                "ALTER TABLE orders ADD COLUMN settled_at TIMESTAMP WITH TIME ZONE");
        receiver.fails(Fault.rejectRecords(422, 7));
        drover.set("drover.source.consistency", "CLAIM")
                .file(PipelineForm.TABLE.file().replace("startAfter: \"0\"\n", "columns: id, customer, amount\n"))
                .run();
        List<String> settled = database.column("SELECT settled_at FROM orders ORDER BY id");
        receiver.fails(Fault.none());

        // When
        ReplayCounts counts = drover.reread(false);

        // Then
        assertThat(counts.delivered()).isEqualTo(1);
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(database.column("SELECT settled_at FROM orders ORDER BY id")).isEqualTo(settled);
    }

    private List<String> deadLetters() {
        return database.column("SELECT record_key FROM drover_dead_letter ORDER BY record_key");
    }

    private String letter(int id) {
        return String.join(
                " ",
                database.column(
                        "SELECT CONCAT_WS('|', id, destination, cursor_json, reason, status, payload, created_at)"
                                + " FROM drover_dead_letter WHERE record_key = 'id=" + id + "'"));
    }

    private JsonNode accepted(int id) {
        return receiver.acceptedRequests()
                .flatMap(request -> request.records().stream())
                .filter(record -> record.path("id").asInt() == id)
                .findFirst()
                .orElseThrow();
    }
}
