package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Items;
import dev.drover.testing.Receiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Eight writers change a table, some of them slowly; Drover is stopped or killed, and its destination fails. */
@Integration
class ChangeStormTest {

    private static final int WRITERS = 8;
    private static final int IDS = 2_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"POSTGRES", "MARIADB"})
    void shouldBeInStepWhenWritersRaceAndThePipelineIsStartedAgain(Engine engine) throws Exception {
        Database source = engine.newDatabase();
        try (Receiver receiver = Receiver.start("change_id")) {
            // Given
            Items items = new Items(source, receiver).with(1_000).logged();
            receiver.fails(failing(new Random(21)));
            Drover drover = Drover.reading(source)
                    .file(items.route())
                    .sendingTo(receiver)
                    .sizes(200, 50, 2_000)
                    .set("drover.source.promises", "");

            // When
            drover.start();
            List<Future<Integer>> writers = write(source, Duration.ofSeconds(5), 1_000);
            TimeUnit.SECONDS.sleep(2);
            drover.stop();
            drover.start();
            int commits = committed(writers);

            // Then
            try (drover) {
                items.awaitInStep();
            }
            assertThat(commits).isGreaterThan(10);
        }
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"POSTGRES", "MARIADB"})
    void shouldBeInStepWhenItIsKilledAgainAndAgainThoughAPollerByTimeIsNot(Engine engine) throws Exception {
        Database source = engine.newDatabase();
        try (Receiver receiver = Receiver.start("change_id")) {
            // Given
            Items items = new Items(source, receiver).with(1_000).logged();
            receiver.fails(failing(new Random(22)));
            Path routes = Files.createDirectory(folder.resolve("routes"));
            Files.writeString(routes.resolve("items.camel.yaml"), items.route().text());
            Map<String, String> environment = Map.of(
                    "DROVER_SOURCE_URL",
                    source.url(),
                    "DROVER_SOURCE_USERNAME",
                    source.username(),
                    "DROVER_ORDERS_URL",
                    receiver.url(),
                    "DROVER_LEASE_DURATION",
                    "2000",
                    "DROVER_ORDERS_PAGESIZE",
                    "200",
                    "DROVER_ORDERS_BATCHSIZE",
                    "50");

            // When
            Poller poller = new Poller(source);
            List<Future<Integer>> writers = write(source, Duration.ofMinutes(2), 3_000);
            int kills = 0;
            while (areBusy(writers)) {
                try (DroverProcess drover = DroverProcess.run(folder, routes, environment)) {
                    int before = receiver.requests().size();
                    for (int look = 0; look < 30 && areBusy(writers); ) {
                        TimeUnit.MILLISECONDS.sleep(100);
                        poller.poll();
                        look += receiver.requests().size() > before ? 1 : 0;
                    }
                    drover.kill();
                    kills++;
                }
            }
            int commits = committed(writers);
            poller.poll();

            // Then
            try (DroverProcess drover = DroverProcess.run(folder, routes, environment)) {
                items.awaitInStep();
                assertThat(drover.isAlive()).isTrue();
            }
            assertThat(poller.differences(items.there()))
                    .as("what a poller by time has wrong after " + commits + " commits")
                    .isPositive();
            System.out.println(engine + ": " + commits + " commits, " + kills + " kills, "
                    + receiver.requests().size() + " requests; the poller by time has "
                    + poller.differences(items.there()) + " of " + items.there().size() + " rows wrong");
            assertThat(kills).isGreaterThan(1);
        }
    }

    private static boolean areBusy(List<Future<Integer>> writers) {
        return writers.stream().anyMatch(writer -> !writer.isDone());
    }

    private static Fault failing(Random random) {
        return request -> {
            synchronized (random) {
                return random.nextInt(10) == 0
                        ? Fault.respond(503).answer(request)
                        : Fault.none().answer(request);
            }
        };
    }

    private static List<Future<Integer>> write(Database source, Duration length, int slowest) {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        long end = System.nanoTime() + length.toNanos();
        List<Future<Integer>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            Random random = new Random(writer);
            writers.add(threads.submit(() -> {
                int commits = 0;
                while (System.nanoTime() < end) {
                    commits += Items.transaction(source, random, IDS, slowest) ? 1 : 0;
                }
                return commits;
            }));
        }
        threads.shutdown();
        return writers;
    }

    private static int committed(List<Future<Integer>> writers) throws Exception {
        int commits = 0;
        for (Future<Integer> writer : writers) {
            commits += writer.get(5, TimeUnit.MINUTES);
        }
        return commits;
    }

    /** Reads what is newer than the newest row that it has, as is often done. */
    private static final class Poller {

        private final Database source;
        private final Map<String, String> versions = new TreeMap<>();
        private Timestamp newest = new Timestamp(0);

        Poller(Database source) {
            this.source = source;
        }

        void poll() throws SQLException {
            try (Connection connection = source.open();
                    var statement = connection.prepareStatement(
                            "SELECT id, version, updated_at FROM items WHERE updated_at > ? ORDER BY updated_at")) {
                statement.setTimestamp(1, newest);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        versions.put(rows.getString(1), rows.getString(2));
                        newest = rows.getTimestamp(3);
                    }
                }
            }
        }

        long differences(Map<String, String> there) {
            Map<String, String> all = new TreeMap<>(versions);
            there.forEach((id, row) -> all.merge(
                    id, row.substring(row.lastIndexOf('|') + 1), (one, other) -> one.equals(other) ? "" : "other"));
            return all.values().stream().filter(state -> !state.isEmpty()).count();
        }
    }
}
