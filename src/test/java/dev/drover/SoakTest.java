package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Eight pipelines in one process. Each round begins some faults together; some time after their end, every committed
 * row is settled. {@code -Dsoak.seconds} sets the length of the test, 60 by default, and {@code -Dsoak.seed} chooses
 * the faults.
 */
@Tag("full")
class SoakTest {

    private static final int PIPELINES = 8;
    private static final int LONGEST_FAULT_MILLIS = 4000;

    /** A destination that refused everything is asked again after at most a minute. */
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private final long seed = Long.getLong("soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Database source = Database.postgres();
    private final Database store = Database.postgres();
    private final TcpProxy toSource = TcpProxy.to(source.port());
    private final TcpProxy toStore = TcpProxy.to(store.port());
    private final Map<String, Receiver> receivers = new TreeMap<>();
    private final Map<String, Integer> lastIds = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private final Set<String> lockedTables = new HashSet<>();
    private Drover drover;

    /** A fault; its beginning returns what ends it. */
    private interface Blow {
        AutoCloseable begin() throws Exception;
    }

    @BeforeEach
    void start() {
        drover = Drover.reading(source.through(toSource))
                .set("drover.store.url", store.through(toStore).url())
                .set("drover.source.timeout", 3000)
                .set("drover.store.timeout", 3000)
                .set("drover.lease.duration", 5000)
                .sizes(50, 20, 500);
        source.orders(1, 1);
        IntStream.range(0, PIPELINES).mapToObj(number -> "soak" + number).forEach(name -> {
            Receiver receiver = Receiver.start("id");
            receivers.put(name, receiver);
            lastIds.put(name, 0);
            source.run("CREATE TABLE " + name + " (LIKE orders INCLUDING ALL)");
            drover.file(route(name)).set(name + ".url", receiver.url());
        });
        drover.start();
    }

    @AfterEach
    void stop() {
        drover.close();
        toSource.close();
        toStore.close();
        receivers.values().forEach(Receiver::close);
    }

    @Test
    void shouldSettleEveryRowSoonAfterEachFaultWhenEverythingGoesWrong() throws Exception {
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("soak.seconds", 60)).toNanos();
        while (System.nanoTime() - end < 0) {
            // Given
            List<AutoCloseable> ends = new ArrayList<>();
            history.clear();
            List<Integer> kinds = random.ints(0, 15)
                    .distinct()
                    .limit(random.nextInt(1, 4))
                    .boxed()
                    .toList();
            for (int kind : kinds) {
                ends.add(blow(kind).begin());
            }

            // When
            long until = System.nanoTime()
                    + Duration.ofMillis(random.nextInt(LONGEST_FAULT_MILLIS)).toNanos();
            do {
                insert(name());
                Thread.sleep(20);
            } while (System.nanoTime() - until < 0);
            for (AutoCloseable each : ends) {
                each.close();
            }

            // Then
            receivers.keySet().forEach(name -> await(name + " after " + history + ", seed " + seed)
                    .atMost(RECOVERY)
                    .untilAsserted(() -> assertThat(settled(name)).hasSize(lastIds.get(name))));
        }
        assertThat(drover.pipelines())
                .hasSize(PIPELINES)
                .allSatisfy(pipeline -> assertThat(pipeline.ledger().halted()).isEmpty());
    }

    private Blow blow(int kind) {
        String name = name();
        Receiver receiver = receivers.get(name);
        history.add(kind + " at " + name);
        return switch (kind) {
            case 0 -> () -> failing(receiver, Fault.respond(503));
            case 1 -> () -> failing(receiver, Fault.respond(429, Map.of("Retry-After", "1")));
            case 2 -> () -> failing(receiver, Fault.respond(401));
            case 3 -> () -> failing(receiver, Fault.dropConnection());
            case 4 -> () -> failing(receiver, Fault.tooLarge(1500));
            case 5 -> () -> failing(receiver, Fault.rejectRecords(422, lastIds.get(name) + 3, lastIds.get(name) + 7));
            case 6 ->
                () -> {
                    CountDownLatch opened = new CountDownLatch(1);
                    receiver.fails(Fault.slow(LONGEST_FAULT_MILLIS, opened));
                    return () -> {
                        opened.countDown();
                        receiver.fails(Fault.none());
                    };
                };
            case 7 -> () -> down(toSource, toSource::cut);
            case 8 -> () -> down(toSource, toSource::blackHole);
            case 9 -> () -> down(toStore, toStore::cut);
            case 10 -> () -> down(toStore, toStore::blackHole);
            case 11 -> () -> transaction(source, "LOCK TABLE " + name + " IN ACCESS EXCLUSIVE MODE", name);
            case 12 -> () -> transaction(store, "UPDATE drover_checkpoint SET settled = settled", name);
            case 13 -> () -> fullDisk(random.nextBoolean() ? "drover_dead_letter" : "drover_checkpoint");
            default ->
                () -> {
                    drover.stop();
                    return drover::start;
                };
        };
    }

    private static AutoCloseable failing(Receiver receiver, Fault fault) {
        receiver.fails(fault);
        return () -> receiver.fails(Fault.none());
    }

    private static AutoCloseable down(TcpProxy proxy, Runnable how) {
        how.run();
        return proxy::restore;
    }

    /** A transaction that holds a lock; its table gets no rows meanwhile. */
    private AutoCloseable transaction(Database database, String statement, String locked) throws SQLException {
        Connection connection = database.open();
        connection.setAutoCommit(false);
        try (Statement locking = connection.createStatement()) {
            locking.execute("SET lock_timeout = '2s'");
            locking.execute(statement);
        } catch (SQLException e) {
            connection.close(); // the pipelines hold it
            return () -> {};
        }
        lockedTables.add(locked);
        return () -> {
            lockedTables.remove(locked);
            connection.close();
        };
    }

    private AutoCloseable fullDisk(String table) {
        store.run(
                "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''no space left on device''"
                        + " USING ERRCODE = ''53100''; END' LANGUAGE plpgsql",
                "CREATE OR REPLACE TRIGGER full_disk BEFORE INSERT OR UPDATE ON " + table
                        + " EXECUTE FUNCTION full_disk()");
        return () -> store.run("DROP TRIGGER IF EXISTS full_disk ON " + table);
    }

    private void insert(String name) {
        if (!lockedTables.contains(name)) {
            int first = lastIds.get(name) + 1;
            int last = lastIds.get(name) + random.nextInt(1, 30);
            source.run("INSERT INTO " + name
                    + " SELECT x, 'customer', 'product', 1, 1, TIMESTAMP '2026-01-02 08:00:00' FROM "
                    + source.rows(first, last));
            lastIds.put(name, last);
        }
    }

    private Set<String> settled(String name) {
        Set<String> settled = new HashSet<>(receivers.get(name).accepted().keySet());
        store.column("SELECT record_key FROM drover_dead_letter WHERE pipeline = '" + name + "'")
                .forEach(key -> settled.add(key.substring("id=".length())));
        return settled;
    }

    private String name() {
        return "soak" + random.nextInt(PIPELINES);
    }

    private static RouteFile route(String name) {
        return new RouteFile(
                name + ".camel.yaml",
                RouteFile.of("routes/examples/orders-table.camel.yaml")
                        .text()
                        .replaceAll("(?m)^( +id: )", "$1" + name + "-")
                        .replace("orders-table", name)
                        .replace("table: orders", "table: " + name)
                        .replace("{{drover.orders.url}}", "{{" + name + ".url}}"));
    }
}
