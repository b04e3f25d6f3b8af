package dev.drover.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.ChangesSuite;
import dev.drover.folder.FindingsException;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Items;
import dev.drover.testing.RouteFile;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Inserts, updates and deletes of a table, read from a replication slot. */
@Integration
class ReplicationTest extends ChangesSuite {

    private static final String CREATE = "SELECT pg_create_logical_replication_slot('drover', 'pgoutput')";
    private static final String CONFIRMED =
            "SELECT confirmed_flush_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = 'drover'";

    @TempDir
    Path folder;

    @TempDir
    static Path data;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() throws IOException {
        server = server(0);
    }

    /** A server with the data of this class at this port, or at any port if it is 0. */
    private static EmbeddedPostgres server(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data.resolve("server"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_slot_wal_keep_size", "64MB")
                .start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Override
    protected Database database() {
        return Database.of((PGSimpleDataSource) server.getPostgresDatabase());
    }

    @Override
    protected Items items() {
        return new Items(source, receiver, true);
    }

    @Override
    protected String disable() {
        return "ALTER PUBLICATION drover DROP TABLE items";
    }

    @Override
    protected String disabled() {
        return "the publication drover does not publish";
    }

    @Override
    protected Double rowsAhead() {
        return Double.NaN;
    }

    @Override
    protected String atWork() {
        return "the feed of the changes is at work";
    }

    @AfterEach
    @Override
    protected void stop() {
        super.stop();
        await().ignoreExceptions().until(() -> {
            source.run("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
            return true;
        });
        source.run(
                "DROP SCHEMA public CASCADE",
                "CREATE SCHEMA public",
                "DROP PUBLICATION IF EXISTS drover",
                "DROP ROLE IF EXISTS reader");
    }

    private void start() {
        items.with(250).logged();
        drover.start();
        items.awaitInStep();
    }

    private long confirmed() {
        return source.number(CONFIRMED).longValue();
    }

    private String halted() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> drover.pipeline("items").state() == Pipeline.State.HALTED);
        return drover.pipeline("items").ledger().halted().orElseThrow();
    }

    @Test
    void shouldSendTheRowBeforeItsFirstChangeWhenTheReplicaIdentityIsFull() {
        // Given
        items.with(250).logged();
        source.run("ALTER TABLE items REPLICA IDENTITY FULL");
        drover.start();
        items.awaitInStep();

        // When
        source.run("UPDATE items SET version = 2 WHERE id = 1; UPDATE items SET version = 3, name = NULL WHERE id = 1;"
                + " DELETE FROM items WHERE id = 2; UPDATE items SET id = 1000 WHERE id = 3;"
                + " INSERT INTO items (id, amount, version) VALUES (1001, 1, 1)");

        // Then
        items.awaitInStep();
        assertThat(before("1")).isEqualTo("1|item 1|0.25|1");
        assertThat(before("2")).isEqualTo("2|item 2|0.5|1");
        assertThat(before("3")).isEqualTo("3|item 3|0.75|1");
        assertThat(before("1000")).isEqualTo("null");
        assertThat(before("1001")).isEqualTo("null");

        // When the log has only the key
        source.run("ALTER TABLE items REPLICA IDENTITY DEFAULT", "DELETE FROM items WHERE id = 4");

        // Then
        items.awaitInStep();
        assertThat(before("4")).isEqualTo("null");
    }

    /** The row before the last change of this key. */
    private String before(String id) {
        JsonNode before =
                changes(id).reduce((one, other) -> other).orElseThrow().path("before");
        return before.isNull()
                ? "null"
                : Stream.of("id", "name", "amount", "version")
                        .map(column -> before.path(column).asText())
                        .collect(Collectors.joining("|"));
    }

    private boolean isDelete(JsonNode change) {
        return change.path("operation").asText().equals("delete");
    }

    private Stream<JsonNode> changes(String id) {
        return receiver.requests().stream()
                .flatMap(request -> request.records().stream())
                .filter(change -> change.path("key").path("id").asText().equals(id));
    }

    @Test
    void shouldSendTheSameValuesBeforeAChangeAsInTheRowWhateverTheirTypes() throws IOException {
        // Given
        List<String[]> values = Files.readAllLines(Path.of("src/test/resources/types/postgresql.txt")).stream()
                .map(line -> line.split(Pattern.quote(" | "), -1))
                .toList();
        List<String> columns = new ArrayList<>();
        values.forEach(value -> columns.add("c" + columns.size() + " " + value[0] + " DEFAULT " + value[1]));
        source.run(
                "CREATE EXTENSION citext",
                "CREATE TYPE mood AS ENUM ('calm', 'glad')",
                "CREATE TYPE place AS (street text, number int)",
                "CREATE TABLE items (id BIGINT PRIMARY KEY, " + String.join(", ", columns)
                        + ", none TEXT DEFAULT 'some', made BIGINT GENERATED ALWAYS AS (id + 1) STORED)",
                "ALTER TABLE items REPLICA IDENTITY FULL",
                "INSERT INTO items (id, none) VALUES (1, NULL)");
        items.logged();
        drover.start();
        await().until(() -> changes("1").findAny().isPresent());

        // When
        source.run("DELETE FROM items");

        // Then
        await().until(() -> changes("1").anyMatch(this::isDelete));
        ObjectNode row = (ObjectNode) changes("1").findFirst().orElseThrow().path("row");
        JsonNode before =
                changes("1").filter(this::isDelete).findFirst().orElseThrow().path("before");
        row.remove("made");
        for (int i = 0; i < values.size(); i++) {
            if (Set.of("timetz", "money").contains(values.get(i)[0])) {
                row.remove("c" + i);
            }
        }
        assertThat(before).hasToString(row.toString());
        assertThat(before).hasSizeGreaterThan(60);
    }

    @Test
    void shouldNotMoveTheSlotPastAChangeThatIsNotSettled() {
        // Given
        start();
        source.run("UPDATE items SET version = 2 WHERE id = 1");
        items.awaitInStep();
        await().until(() -> drover.pipeline("items").ledger().window() == 0);

        // When
        receiver.fails(Fault.respond(503));
        int requests = receiver.requests().size();
        long before =
                source.number("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").longValue();
        source.run("UPDATE items SET version = 3 WHERE id = 1", "DELETE FROM items WHERE id = 2");
        await().until(() -> receiver.requests().size() > requests);
        source.run("CREATE TABLE noise AS SELECT generate_series(1, 10000)");
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(() -> confirmed() <= before + 1000);
        drover.stop();

        // Then
        assertThat(confirmed()).isLessThanOrEqualTo(before + 1000);
        receiver.fails(Fault.none());
        drover.start();
        items.awaitInStep();
        await().atMost(Duration.ofMinutes(1)).until(() -> confirmed() > before + 10_000);
    }

    @Test
    void shouldRepeatNothingWhenItIsStoppedAndStartedAgain() {
        // Given
        start();
        long before = confirmed();
        source.run("UPDATE items SET version = 2 WHERE id <= 3");
        items.awaitInStep();
        await().atMost(Duration.ofMinutes(1)).until(() -> confirmed() > before);
        drover.stop();
        int requests = receiver.requests().size();
        source.run("UPDATE items SET version = 3 WHERE id = 1");

        // When
        drover.start();

        // Then
        items.awaitInStep();
        assertThat(receiver.requests().stream().skip(requests).flatMap(request -> request.records().stream()))
                .hasSize(1);
    }

    @Test
    void shouldBeginWithTheFirstRowAgainWhenItWasStoppedAmongTheExistingOnes() {
        // Given
        items.with(250).logged();
        receiver.fails(Fault.refuseWhile(503, () -> receiver.requests().size() > 7));
        drover.start();
        await().until(() -> receiver.requests().size() > 8);
        drover.stop();
        source.run("DELETE FROM items WHERE id = 1", "UPDATE items SET version = 2 WHERE id = 3");

        // When
        receiver.fails(Fault.none());
        drover.start();

        // Then
        items.awaitInStep();
    }

    @Test
    void shouldShowTheExistingRowsAsAPlanAndLeaveTheSlotAlone() {
        // Given
        items.with(5).logged();
        long before = confirmed();

        // When
        String plan = items.drover("plan", "--limit", "100");

        // Then
        assertThat(plan)
                .startsWith("0: ")
                .contains("\"key\":{\"id\":5},\"row\":{", "\"before\":null", "5 rows, 0 filtered");
        assertThat(confirmed()).isEqualTo(before);
    }

    @Test
    void shouldReplayADeadLetterByTheKeyInItsPayloadWhateverItsType() {
        // Given
        source.run(
                "CREATE TABLE items (id UUID PRIMARY KEY, name TEXT, amount NUMERIC, version INT)",
                "INSERT INTO items SELECT gen_random_uuid(), 'one', 1, 1 FROM generate_series(1, 3)");
        items.logged();
        receiver.fails(request -> Optional.of(new Answer(422, Map.of(), "refused")));
        drover.start();
        await().until(() -> drover.pipeline("items").tally().deadLetters() == 3);
        drover.stop();
        receiver.fails(Fault.none());
        source.run(
                "DELETE FROM items WHERE id = (SELECT min(id::text)::uuid FROM items)", "UPDATE items SET version = 2");

        // When
        drover.reread(false);

        // Then
        assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter")).isZero();
        assertThat(items.received()).isEqualTo(items.there()).hasSize(2);
    }

    @Test
    void shouldNeedNoMorePrivilegesThanReplicationAndSelect() {
        // Given
        items.with(250).logged();
        source.run(
                "ALTER TABLE items REPLICA IDENTITY FULL",
                "CREATE ROLE reader LOGIN REPLICATION",
                "GRANT USAGE ON SCHEMA public TO reader",
                "GRANT SELECT ON items TO reader");
        drover.set("drover.source.username", "reader").checked().start();
        items.awaitInStep();

        // When
        items.change();

        // Then
        items.awaitInStep(); // also when the update of row 50 has found it gone, and its deletion is still to come
        await().untilAsserted(() -> assertThat(before("50")).isEqualTo("50|item 50|13.5|2"));
        drover.stop();
        source.run("UPDATE items SET version = 5 WHERE id = 1");
        drover.start();
        items.awaitInStep();
    }

    @Test
    void shouldDeliverATableThatIsPublishedAfterTheSlotWasCreated() {
        // Given
        source.run("CREATE PUBLICATION drover");
        source.run(CREATE);
        items.with(250);
        source.run("DELETE FROM items WHERE id = 3", "ALTER PUBLICATION drover ADD TABLE items");

        // When
        drover.start();
        items.change();

        // Then
        items.awaitInStep();
    }

    @Test
    void shouldBeRefusedWhenThereIsNoSlot() {
        // Given
        start();
        drover.stop();

        // When
        source.run("SELECT pg_drop_replication_slot('drover')");

        // Then
        assertThatThrownBy(() -> drover.checked().start())
                .isInstanceOf(FindingsException.class)
                .hasMessageContaining("there is no replication slot drover")
                .hasMessageContaining("drover checkpoint reset");
    }

    @Test
    void shouldBeRefusedWhenTheServerHasRemovedWhatTheSlotNeeds() {
        // Given
        start();
        drover.stop();
        source.run("UPDATE items SET version = 2 WHERE id = 1");

        // When
        source.run("CREATE TABLE noise AS SELECT generate_series(1, 2000000)", "CHECKPOINT");

        // Then
        assertThat(source.column("SELECT wal_status FROM pg_replication_slots")).containsExactly("lost");
        assertThatThrownBy(() -> drover.checked().start())
                .isInstanceOf(FindingsException.class)
                .hasMessageContaining("still has its changes");
    }

    @Test
    void shouldHaltWhenTheSlotWasCreatedAgain() {
        // Given
        start();
        drover.stop();
        source.run("SELECT pg_drop_replication_slot('drover')", "DELETE FROM items WHERE id = 1");
        source.run(CREATE);

        // When
        drover.start();

        // Then
        assertThat(halted()).contains("the replication slot drover is ahead of the checkpoint");
    }

    @Test
    void shouldHaltBehindTheChangesBeforeItWhenTheTableIsTruncated() {
        // Given
        start();

        // When
        source.run("INSERT INTO items (id, amount, version) VALUES (600, 1, 1)", "TRUNCATE items");

        // Then
        assertThat(halted()).contains("the table was truncated");
        assertThat(receiver.requests().stream().flatMap(request -> request.records().stream()))
                .anyMatch(change -> change.path("key").path("id").asInt() == 600);
    }

    @Test
    void shouldGoOnWhenTheConnectionOfTheSlotIsCut() {
        // Given
        start();

        // When
        source.run("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
        source.run("UPDATE items SET version = 2 WHERE id <= 20", "DELETE FROM items WHERE id = 21");

        // Then
        items.awaitInStep();
    }

    @Test
    void shouldGoOnWhenTheServerIsRestarted() throws IOException {
        // Given
        start();
        source.run("UPDATE items SET version = 2 WHERE id <= 20");

        // When
        server.close();
        server = server(server.getPort());
        source.run("UPDATE items SET version = 3 WHERE id <= 10", "DELETE FROM items WHERE id = 21");

        // Then
        items.awaitInStep();
    }

    @Test
    void shouldBeInStepWhenWritersRaceAndItIsKilled() throws Exception {
        storm(Duration.ofSeconds(12), 2);
    }

    @Tag("full")
    @Test
    void shouldBeInStepWhenWritersRaceAndItIsKilledAgainAndAgain() throws Exception {
        storm(Duration.ofMinutes(2), 3);
    }

    private void storm(Duration length, int life) throws Exception {
        // Given
        items.with(250).logged();
        Random random = new Random(23);
        receiver.fails(request -> {
            synchronized (random) {
                return (random.nextInt(10) == 0 ? Fault.respond(503) : Fault.none()).answer(request);
            }
        });
        RouteFile.of("src/replication/routes/replicated.camel.yaml")
                .replace("table: orders", "table: items")
                .writeTo(folder);

        // When
        List<Future<Integer>> writers = write(length);
        int kills = 0;
        while (areBusy(writers)) {
            int before = receiver.requests().size();
            Process killed = process();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> receiver.requests().size() > before || !areBusy(writers));
            TimeUnit.SECONDS.sleep(life);
            source.run("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active");
            TimeUnit.SECONDS.sleep(1);
            killed.destroyForcibly().waitFor();
            kills++;
        }

        // Then
        Process last = process();
        try {
            items.awaitInStep();
        } finally {
            last.destroyForcibly().waitFor();
            System.out.println(Files.readString(folder.resolve("log")));
        }
        int commits = 0;
        for (Future<Integer> writer : writers) {
            commits += writer.get();
        }
        System.out.println(kills + " kills, " + commits + " commits, "
                + receiver.requests().size() + " requests");
        assertThat(commits).isGreaterThan(10);
    }

    private static boolean areBusy(List<Future<Integer>> writers) {
        return writers.stream().anyMatch(writer -> !writer.isDone());
    }

    /** Drover with what this test has on its class path, which is more than the jar has. */
    private Process process() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.drover.cli.Main",
                "run",
                "--routes",
                folder.toString());
        builder.environment()
                .putAll(Map.of(
                        "DROVER_SOURCE_URL", source.url(),
                        "DROVER_SOURCE_USERNAME", source.username(),
                        "DROVER_STORE_URL", source.url(),
                        "DROVER_STORE_USERNAME", source.username(),
                        "DROVER_LEASE_DURATION", "2000",
                        "DROVER_ORDERS_URL", receiver.url()));
        return builder.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private List<Future<Integer>> write(Duration length) {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        long end = System.nanoTime() + length.toNanos();
        List<Future<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
            Random random = new Random(writer);
            writers.add(threads.submit(() -> {
                int commits = 0;
                while (System.nanoTime() < end) {
                    commits += Items.transaction(source, random, 2_000, 2_000) ? 1 : 0;
                }
                return commits;
            }));
        }
        threads.shutdown();
        return writers;
    }
}
