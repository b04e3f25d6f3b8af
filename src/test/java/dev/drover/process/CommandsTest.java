package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on the default store, beside the process that runs the pipeline. */
@Integration
class CommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private Receiver receiver;
    private OrdersServer source;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws Exception {
        receiver = Receiver.start("id");
        source = new OrdersServer(folder, 40);
        environment = source.environment(receiver.url());
    }

    @AfterEach
    void stop() {
        source.close();
        receiver.close();
    }

    @Test
    void shouldSayWhatHoldsTheCheckpointWhenTheDestinationIsAway() throws Exception {
        // Given
        receiver.fails(Fault.respond(503));
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(PATIENCE).until(() -> receiver.requests().size() > 2);
            await().atMost(PATIENCE).until(() -> status().path("window").asInt() == 40);

            // When
            JsonNode held = status();
            int exitCode = drover.terminate();
            JsonNode stopped = status();

            // Then
            assertThat(held.path("state").asText()).isEqualTo("running");
            assertThat(held.path("alive").asBoolean()).isTrue();
            assertThat(held.path("holder").path("key").asText()).isEqualTo("id=1");
            assertThat(held.path("holder").path("batch").asText())
                    .isEqualTo(receiver.requests().get(0).key());
            assertThat(held.path("holder").path("attempt").asInt()).isPositive();
            assertThat(held.path("holder").path("reason").asText()).isEqualTo("status 503");
            assertThat(exitCode).isEqualTo(143);
            assertThat(stopped.path("state").asText()).isEqualTo("stopped");
            assertThat(stopped.path("settledEver").asInt()).isZero();
            assertThat(drover.output().get(0))
                    .isEqualTo("orders: 40 rows, 0 delivered, 40 not settled, which are read again");
        }
    }

    @Test
    void shouldSendDeadLettersAgainAsTheyWereWhenTheyAreReplayed() throws Exception {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7, 23));
        environment.put("DROVER_TRACE_ENABLED", "true");
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 38);
            await().atMost(PATIENCE).until(() -> deadLetters().size() == 2);
            JsonNode seventh = deadLetters().get(0);
            String refusedAs = loneRequest().bodyHash();

            // When
            DroverProcess refusedAgain = command("dead-letters", "replay", "--all");
            int left = deadLetters().size();
            receiver.fails(Fault.none());
            DroverProcess one = command(
                    "dead-letters", "replay", seventh.path("id").asText().substring(0, 12));
            DroverProcess other = command("dead-letters", "replay", "--pipeline", "orders", "--status", "422");
            DroverProcess life = command("trace", "orders", "7");
            DroverProcess none = command("trace", "orders", "99");

            // Then
            assertThat(seventh.path("key").asText()).isEqualTo("id=7");
            assertThat(seventh.path("destination").asText()).isEqualTo("deliver-orders");
            assertThat(refusedAgain.output()).containsExactly("0 dead letters delivered, 2 refused again");
            assertThat(refusedAgain.await()).isEqualTo(1);
            assertThat(left).isEqualTo(2);
            assertThat(one.output()).containsExactly("1 dead letter delivered, 0 refused again");
            assertThat(receiver.requests().get(receiver.requests().size() - 2).bodyHash())
                    .isEqualTo(refusedAs);
            assertThat(other.output()).containsExactly("1 dead letter delivered, 0 refused again");
            assertThat(other.await()).isZero();
            assertThat(life.await()).isZero();
            assertThat(life.output()).startsWith("orders id=7: replayed").hasSizeLessThan(20);
            assertThat(life.output().get(1)).matches("  read +[0-9:. -]{23}");
            assertThat(life.output().get(2)).matches("  split +[0-9:. -]{23}  status 422 +batch \\w{32}  http://127.*");
            assertThat(none.await()).isEqualTo(1);
            assertThat(none.output())
                    .containsExactly("orders id=99: no trace; it is not settled, the checkpoint is id=40");
            assertThat(deadLetters()).isEmpty();
            assertThat(receiver.accepted()).hasSize(40);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(drover.isAlive()).isTrue();
            assertThat(status().path("epoch").asInt()).isEqualTo(1);
        }
    }

    @Test
    void shouldNotDrainWithSuccessWhenARowWasCommittedBehindWhatWasRead() throws Exception {
        // Given
        environment.put("DROVER_SOURCE_CONSISTENCY", "STATIC");
        source.remove(7);
        int drained = DroverProcess.run(folder, environment, "--drain").await();
        source.add(7);

        // When
        DroverProcess late = DroverProcess.run(folder, environment, "--drain");

        // Then
        assertThat(drained).isZero();
        assertThat(late.await()).isEqualTo(1);
        assertThat(late.output())
                .contains("orders: 1 row of the source never read, the first is id=7")
                .contains("  repair        drover audit orders --repair");
    }

    @Test
    void shouldRaiseTheAlarmForAMissedRowUntilItIsRepaired() throws Exception {
        // Given
        source.remove(7);
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 39);
            await().atMost(PATIENCE)
                    .until(() -> command("audit").output().contains("orders: proven complete up to id=40"));
            source.add(7);
            source.remove(15);

            // When
            DroverProcess found = command("audit");
            await().atMost(PATIENCE).until(() -> status().path("state").asText().equals("alarmed"));
            String reason = status().path("reason").asText();
            DroverProcess repaired = command("audit", "--repair");
            DroverProcess again = command("audit");
            await().atMost(PATIENCE).until(() -> status().path("state").asText().equals("running"));
            drover.terminate();
            DroverProcess drained = DroverProcess.run(folder, environment, "--drain", "--audit");

            // Then
            assertThat(found.await()).isEqualTo(1);
            assertThat(found.output())
                    .startsWith("orders: 1 row of the source never read, the first is id=7")
                    .anyMatch(line -> line.contains("1 row read, and deleted since (no fault)"));
            assertThat(reason).contains("never read", "id=7");
            assertThat(repaired.await()).isZero();
            assertThat(again.await()).isZero();
            assertThat(drained.await()).isZero();
            assertThat(drained.output()).contains("orders: proven complete up to id=40");
            assertThat(receiver.accepted()).hasSize(40).containsKey("7");
            assertThat(receiver.duplicates()).isEmpty();
        }
    }

    @Test
    void shouldNameThePipelinesThatHaveNothingToAuditAndAuditTheOthers() throws Exception {
        // Given
        DroverProcess.run(folder, environment, "--drain").await();
        Path routes = Files.createDirectory(folder.resolve("routes"));
        RouteFile orders = RouteFile.of("routes/orders.camel.yaml");
        RouteFile changes = RouteFile.of("routes/examples/orders-table.camel.yaml")
                .replace("startAfter: \"0\"", "changes: true")
                .replace("consistency: \"{{drover.source.consistency}}\"", "delay: 1000")
                .replace("promises: \"{{drover.source.promises}}\"", "snapshot: false");
        orders.writeTo(routes);
        changes.writeTo(routes);

        // When
        DroverProcess all = DroverProcess.in(folder, environment, "audit");
        DroverProcess one = DroverProcess.in(folder, environment, "audit", "orders-table");

        // Then
        assertThat(all.output())
                .contains(
                        "orders: proven complete up to id=40",
                        "orders-table: not audited: it reads a change log, where one record stands for all changes of a"
                                + " row in a page");
        assertThat(all.await()).isZero();
        assertThat(one.errors())
                .containsExactly("drover: NAME: orders-table cannot be audited: it reads a change log, where one record"
                        + " stands for all changes of a row in a page");
        assertThat(one.await()).isEqualTo(2);
    }

    /** The background looks every ten seconds, and leaves what was settled within the last minute. */
    @Test
    @Tag("full")
    void shouldRepairAMissedRowInTheRunningProcessWhenItIsTold() throws Exception {
        // Given
        environment.put("DROVER_STORE_URL", environment.get("DROVER_SOURCE_URL"));
        environment.put("DROVER_STORE_PASSWORD", "");
        environment.put("DROVER_AUDIT_REPAIR", "true");
        environment.put("DROVER_AUDIT_INTERVAL", "1d");
        source.remove(7);
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 39);
            source.add(7);

            // When
            await().atMost(PATIENCE).untilAsserted(() -> {
                source.run("UPDATE drover_receipt SET settled_at = 0");
                assertThat(receiver.accepted()).hasSize(40);
            });
            await().atMost(PATIENCE)
                    .until(() -> status().path("reason").asText().contains("repair"));

            // Then
            assertThat(status().path("reason").asText()).contains("1 delivered by the repair");
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(command("audit").await()).isZero();
            await().atMost(PATIENCE).until(() -> status().path("state").asText().equals("running"));
            source.add(41);
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 41);
            assertThat(drover.terminate()).isEqualTo(143);
        }
    }

    @Test
    void shouldSendNothingTwiceWhenTwoReplaysRunAndOneIsKilled() throws Exception {
        // Given
        environment.put("DROVER_LEASE_DURATION", "3000");
        receiver.fails(Fault.rejectRecords(422, 7, 23));
        DroverProcess.run(folder, environment, "--drain").await();
        receiver.fails(Fault.respond(503));
        int before = receiver.requests().size();
        try (DroverProcess first = DroverProcess.replayAll(folder, environment)) {
            await().atMost(PATIENCE).until(() -> receiver.requests().size() > before);

            // When
            DroverProcess second = command("dead-letters", "replay", "--all");
            first.kill();
            receiver.fails(Fault.none());
            await().atMost(PATIENCE)
                    .until(() -> command("dead-letters", "replay", "--all").await() == 0);

            // Then
            assertThat(second.await()).isEqualTo(1);
            assertThat(second.output())
                    .containsExactly(
                            "0 dead letters delivered, 0 refused again",
                            "2 stay: they are sent by another replay; if that was killed, replay them again after 3 s");
            assertThat(deadLetters()).isEmpty();
            assertThat(receiver.accepted()).hasSize(40);
            assertThat(receiver.duplicates()).isEmpty();
        }
    }

    @Test
    void shouldDeleteOnlyWhatIsSaidWhenDeadLettersArePurged() throws Exception {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7, 23));
        DroverProcess.run(folder, environment, "--drain").await();

        // When
        DroverProcess unasked = command("dead-letters", "purge", "--pipeline", "orders");
        DroverProcess other = command("dead-letters", "purge", "--status", "400", "--yes");
        int before = deadLetters().size();
        DroverProcess purged = command("dead-letters", "purge", "--reason", "POISON", "--yes");

        // Then
        assertThat(unasked.await()).isEqualTo(2);
        assertThat(unasked.errors()).singleElement().asString().contains("--yes");
        assertThat(other.output()).containsExactly("0 dead letter(s) deleted");
        assertThat(before).isEqualTo(2);
        assertThat(purged.output()).containsExactly("2 dead letter(s) deleted");
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void shouldKeepNoPayloadAndReplayNothingWhenItIsNotToBeKept() throws Exception {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7));
        environment.put("DROVER_DEADLETTERS_PAYLOAD", "false");
        DroverProcess.run(folder, environment, "--drain").await();
        receiver.fails(Fault.none());

        // When
        JsonNode letter = deadLetters().path(0);
        DroverProcess replayed = command("dead-letters", "replay", "--all");

        // Then
        assertThat(letter.path("key").asText()).isEqualTo("id=7");
        assertThat(letter.path("status").asInt()).isEqualTo(422);
        assertThat(letter.path("reason").asText()).isNotBlank();
        assertThat(letter.path("payload").isNull()).isTrue();
        assertThat(replayed.output())
                .containsExactly(
                        "0 dead letters delivered, 0 refused again",
                        "1 stay: they have no payload, so there is nothing to send; replay them with --reread");
        assertThat(replayed.await()).isEqualTo(1);
    }

    @Test
    void shouldSendTheRowsAsTheyAreNowWhenTheyAreReread() throws Exception {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7, 23));
        environment.put("DROVER_DEADLETTERS_PAYLOAD", "false");
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 38);
            await().atMost(PATIENCE).until(() -> deadLetters().size() == 2);
            source.remove(23);
            receiver.fails(Fault.none());

            // When
            DroverProcess kept = command("dead-letters", "replay", "--reread", "--all");
            DroverProcess dropped = command("dead-letters", "replay", "--reread", "--drop-gone", "--all");
            DroverProcess refused = command("dead-letters", "replay", "--drop-gone", "--all");

            // Then
            assertThat(kept.output())
                    .containsExactly(
                            "1 dead letter delivered, 0 refused again",
                            "1 gone: their rows no longer exist; they stay (--drop-gone removes them)");
            assertThat(kept.await()).isEqualTo(1);
            assertThat(dropped.output())
                    .containsExactly(
                            "0 dead letters delivered, 0 refused again",
                            "1 gone: their rows no longer exist; they are removed");
            assertThat(dropped.await()).isZero();
            assertThat(refused.await()).isEqualTo(2);
            assertThat(refused.errors())
                    .containsExactly("drover: --drop-gone: is only for rows that are read again; say --reread too");
            assertThat(deadLetters()).isEmpty();
            assertThat(receiver.accepted()).hasSize(39).containsKey("7");
            assertThat(drover.isAlive()).isTrue();
            assertThat(status().path("epoch").asInt()).isEqualTo(1);
        }
    }

    @Test
    void shouldDeleteDeadLettersWhenTheyAreOlderThanTheyAreToBeKept() throws Exception {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7, 23));
        environment.put("DROVER_DEADLETTERS_RETENTION", "30d");
        DroverProcess.run(folder, environment, "--drain").await();
        int kept = deadLetters().size();

        // When
        environment.put("DROVER_DEADLETTERS_RETENTION", "1s");
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(PATIENCE).until(() -> deadLetters().isEmpty());

            // Then
            assertThat(kept).isEqualTo(2);
            assertThat(drover.isAlive()).isTrue();
        }
    }

    @Test
    void shouldFenceTheRunningProcessWhenTheCheckpointIsSet() throws Exception {
        // Given
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 40);
            await().atMost(PATIENCE)
                    .until(() -> status().path("checkpoint").asText().equals("id=40"));

            // When
            DroverProcess unasked = command("checkpoint", "set", "orders", "30");
            DroverProcess set = command("checkpoint", "set", "orders", "30", "--yes");
            source.add(41);
            int exitCode = drover.await();
            List<String> shown = command("checkpoint", "show", "orders").output();
            int drained = DroverProcess.run(folder, environment, "--drain").await();

            // Then
            assertThat(unasked.await()).isEqualTo(2);
            assertThat(unasked.errors()).singleElement().asString().contains("--yes");
            assertThat(set.output())
                    .containsExactly("orders: it moves back from id=40: rows after id=30 up to id=40 are sent again");
            assertThat(exitCode).isEqualTo(1);
            assertThat(shown.get(1)).matches("orders +id=30 +40 +2");
            assertThat(drained).isZero();
            // the last one too, unless the process noticed before it read it
            assertThat(receiver.duplicates())
                    .contains("31", "32", "33", "34", "35", "36", "37", "38", "39", "40")
                    .isSubsetOf("31", "32", "33", "34", "35", "36", "37", "38", "39", "40", "41");
        }
    }

    private DroverProcess command(String... words) throws Exception {
        return DroverProcess.command(folder, environment, words);
    }

    private JsonNode status() throws Exception {
        return json("status", "--json").path(0);
    }

    private JsonNode deadLetters() throws Exception {
        return json("dead-letters", "list", "--json");
    }

    private JsonNode json(String... words) throws Exception {
        DroverProcess command = command(words);
        assertThat(command.await()).as("%s", command.errors()).isZero();
        return JSON.readTree(String.join("\n", command.output()));
    }

    private Request loneRequest() {
        return receiver.requests().stream()
                .filter(request -> request.records().size() == 1
                        && request.records().get(0).path("id").asInt() == 7)
                .findFirst()
                .orElseThrow();
    }
}
