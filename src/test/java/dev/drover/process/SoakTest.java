package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import dev.drover.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight pipelines in one process under a supervisor, four of PostgreSQL, two of MariaDB and two of an H2 that is embedded
 * in the process: single batches, lanes and claims. Each round begins some faults together; some time after their end,
 * every committed row is delivered or a dead letter. {@code -Dsoak.seconds} sets the length of the test, 60 by default,
 * {@code -Dsoak.seed} chooses the faults, and {@code -Dsoak.blows} the kinds of them, all by default. A topic between reading and delivering has tests of its own that kill
 * processes and the broker: {@link KafkaReaderTest}, {@link KafkaForwardersTest} and {@link KafkaOutageTest}.
 */
@Tag("full")
@Integration
class SoakTest {

    private static final int PIPELINES = 8;
    private static final Set<String> OF_MARIADB = Set.of("soak4", "soak5");
    private static final Set<String> OF_H2 = Set.of("soak6", "soak7");
    private static final Set<String> OF_LANES = Set.of("soak1", "soak4", "soak6");
    private static final Set<String> OF_CLAIMS = Set.of("soak3", "soak5");
    private static final int LONGEST_FAULT_MILLIS = 4000;
    private static final int LEASE_MILLIS = 5000;

    /** In milliseconds; a query of a busy machine takes seconds. */
    private static final int TIMEOUT_OF_QUERIES = 10_000;

    /**
     * A destination that refused everything is asked again after 5 to 20 s, a gate opens after 30 s at most, a start takes
     * some seconds, and a silent connection is given up after the time-out.
     */
    private static final Duration RECOVERY = Duration.ofMinutes(2);

    private static final List<Integer> STATUSES =
            List.of(500, 502, 503, 504, 408, 425, 429, 401, 403, 404, 405, 410, 409, 302);
    /** In seconds. */
    private static final List<Long> CLOCK_SHIFTS = List.of(-86_400L, -3600L, -10L, 10L, 3600L, 86_400L);

    private static final List<String> PAUSES = List.of("1", "2.0", "-5", "soon", "Sun, 06 Nov 1994 08:49:37 GMT");

    private final List<Blow> possible = Arrays.stream(Blow.values())
            .filter(blow -> List.of(
                            System.getProperty("soak.blows", blow.name()).split(","))
                    .contains(blow.name()))
            .collect(Collectors.toCollection(ArrayList::new));
    private final long seed = Long.getLong("soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Database postgres = Database.postgres();
    private final Database mariaDb = Database.mariaDb();
    private Database h2;
    private final Database store = Database.postgres();
    private final TcpProxy toPostgres = TcpProxy.to(postgres.port());
    private final TcpProxy toMariaDb = TcpProxy.to(mariaDb.port());
    private final TcpProxy toStore = TcpProxy.to(store.port());
    private final Map<String, Receiver> receivers = new TreeMap<>();
    private final Map<String, TcpProxy> toReceivers = new TreeMap<>();
    private final Map<String, Integer> lastIds = new TreeMap<>();
    private final Set<String> heldTables = new HashSet<>();
    private final List<String> history = new ArrayList<>();
    private final Map<Blow, Integer> blows = new EnumMap<>(Blow.class);
    private Duration longest = Duration.ZERO;
    private SupervisedDrover drover;

    @TempDir
    private Path folder;

    /** What goes wrong. */
    private enum Blow {
        STATUS,
        PAUSE,
        NO_ANSWER,
        LATE_ANSWER,
        TOO_LARGE,
        POISON,
        STATUS_FOR_EACH,
        HOSTILE_ANSWER,
        HUGE_ANSWER,
        DESTINATION_CUT,
        DESTINATION_SILENT,
        DESTINATION_HALF_CLOSED,
        ANSWER_CUT,
        SOURCE_CUT,
        SOURCE_SILENT,
        SOURCE_RESET,
        SOURCE_CUT_WITHIN_A_PAGE,
        SOURCE_SESSIONS_ENDED,
        TABLE_LOCKED,
        COLUMN_GONE,
        LATE_COMMIT,
        ROLLBACK,
        ROWS_CHANGED,
        STORE_CUT,
        STORE_SILENT,
        STORE_CUT_WITHIN_AN_ANSWER,
        STORE_SESSIONS_ENDED,
        CHECKPOINTS_LOCKED,
        DISK_FULL_FOR_DEAD_LETTERS,
        DISK_FULL_FOR_CHECKPOINTS,
        STOPPED,
        KILLED,
        PAUSED,
        CLOCK_SHIFTED,
        TAKEN_OVER,
        ROUTE_CHANGED,
        REPLAYED,
        JAVA_ERROR_READING,
        JAVA_ERROR_DELIVERING
    }

    /** A step that is once out of memory, where a file of that name is. */
    public static final class Breaks implements Processor {

        @Override
        public void process(Exchange exchange) throws IOException {
            String here = exchange.getProperty("batch") == null ? "reading" : "delivering";
            if (Files.deleteIfExists(Path.of(here))) {
                throw new OutOfMemoryError("on purpose, " + here);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        h2 = Database.h2(folder.resolve("h2"));
        drover = new SupervisedDrover(folder)
                .set("drover.source.url", postgres.through(toPostgres).url())
                .set("drover.source.username", postgres.username())
                .set("drover.source.timeout", TIMEOUT_OF_QUERIES)
                .set("drover.source.promises", "keysGrow")
                .set("drover.store.url", store.through(toStore).url())
                .set("drover.store.username", store.username())
                .set("drover.store.password", "")
                .set("drover.store.timeout", TIMEOUT_OF_QUERIES)
                .set("drover.lease.duration", LEASE_MILLIS)
                .set("drover.delivery.deadline", 3000)
                .set("drover.orders.pageSize", 50)
                .set("drover.orders.batchSize", 20)
                .set("drover.orders.maxInFlight", 500)
                .set("second.url", mariaDb.through(toMariaDb).url())
                .set("third.url", h2.url())
                .write(RouteFile.of("routes/beans.camel.yaml"))
                .write(RouteFile.of("routes/route-configuration.camel.yaml"))
                .write(pool("second", mariaDb.username(), ""))
                .write(pool("third", h2.username(), ""));
        IntStream.range(0, PIPELINES).mapToObj(number -> "soak" + number).forEach(name -> {
            Receiver receiver = Receiver.start("id").countingOnly();
            URI address = URI.create(receiver.url());
            TcpProxy proxy = TcpProxy.to(address.getPort());
            receivers.put(name, receiver);
            toReceivers.put(name, proxy);
            lastIds.put(name, 0);
            String time = engine(name) == Engine.MARIADB ? "TIMESTAMP(6) NULL" : "TIMESTAMP WITH TIME ZONE";
            database(name)
                    .run("CREATE TABLE " + name + " (id BIGINT PRIMARY KEY, customer VARCHAR(80) NOT NULL,"
                            + " product VARCHAR(80) NOT NULL, claim_token VARCHAR(40), claimed_until " + time
                            + ", settled_at " + time + ")");
            drover.write(route(name)).set(name + ".url", "http://127.0.0.1:" + proxy.port() + address.getPath());
        });
        if (!drover.hasClock()) {
            possible.remove(Blow.CLOCK_SHIFTED);
        }
        drover.start("the first");
        awaitAsserted("soak0", () -> assertThat(drover.pipelines()).hasSize(PIPELINES));
    }

    private static RouteFile pool(String name, String user, String password) {
        return new RouteFile(
                name + ".camel.yaml",
                """
                - beans:
                    - name: %s
                      type: dev.drover.database.DatabasePool
                      properties:
                        poolName: %s
                        jdbcUrl: "{{%s.url}}"
                        username: %s
                        password: "%s"
                        timeout: %d
                        maximumPoolSize: 20
                        minimumIdle: 1
                        connectionTimeout: 10000
                """
                        .formatted(name, name, name, user, password, TIMEOUT_OF_QUERIES));
    }

    @AfterEach
    void stop() {
        drover.close();
        toPostgres.close();
        toMariaDb.close();
        toStore.close();
        toReceivers.values().forEach(TcpProxy::close);
        receivers.values().forEach(Receiver::close);
    }

    @Test
    void shouldSettleEveryRowSoonAfterEachFaultWhenEverythingGoesWrong() throws Exception {
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("soak.seconds", 60)).toNanos();
        for (int round = 1; System.nanoTime() - end < 0; round++) {
            // Given
            List<AutoCloseable> ends = new ArrayList<>();
            history.clear();
            for (String name : receivers.keySet()) {
                insert(name); // so that something is in flight
            }
            Collections.shuffle(possible, random);
            for (Blow kind : possible.subList(0, random.nextInt(1, Math.min(5, possible.size() + 1)))) {
                ends.add(begin(kind));
            }

            // When
            long until = System.nanoTime()
                    + Duration.ofMillis(random.nextInt(LONGEST_FAULT_MILLIS)).toNanos();
            do {
                insert(name());
                Thread.sleep(50);
            } while (System.nanoTime() - until < 0);
            for (AutoCloseable each : ends) {
                each.close();
            }

            // Then
            long over = System.nanoTime();
            for (String name : receivers.keySet()) {
                Set<String> committed = committed(name);
                awaitAsserted(name, () -> {
                    drover.supervise(SoakTest::isExpected);
                    assertThat(settled(name))
                            .as(() -> name + " after " + history + ", seed " + seed)
                            .isGreaterThanOrEqualTo(committed.size());
                });
            }
            Duration recovered = Duration.ofNanos(System.nanoTime() - over);
            longest = recovered.compareTo(longest) > 0 ? recovered : longest;
            say("round " + round + " " + history + ": settled after " + recovered.toMillis() + " ms");
            if (round % 20 == 0) {
                assertNothingIsMissing();
            }
        }
        assertNothingIsMissing();
        awaitAsserted("soak0", () -> {
            drover.supervise(SoakTest::isExpected);
            assertThat(drover.pipelines()).hasSize(PIPELINES);
            assertThat(drover.halts()).isEmpty();
        });
        say("blows: " + blows + "; starts: " + drover.starts()
                + "; longest time to settle after the faults of a round: " + longest.toMillis() + " ms");
    }

    /** Says what the process does if that fails for too long. */
    private void awaitAsserted(String name, ThrowingRunnable assertion) {
        try {
            await().atMost(RECOVERY).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(drover.state(name), e);
        }
    }

    private void assertNothingIsMissing() throws IOException {
        int rows = 0;
        int delivered = 0;
        long dead = 0;
        long twice = 0;
        for (String name : receivers.keySet()) {
            Set<String> committed = committed(name);
            Map<String, Integer> accepted = receivers.get(name).accepted();
            Set<String> aside = deadLetters(name);
            Set<String> missing = new HashSet<>(committed);
            missing.removeAll(accepted.keySet());
            // A replay that a fault ends may have sent a record whose dead letter stays.
            missing.removeAll(aside);
            assertThat(missing).as(name + ", seed " + seed).isEmpty();
            assertThat(committed).as(name + ", seed " + seed).containsAll(accepted.keySet());
            aside.removeAll(accepted.keySet());
            rows += committed.size();
            delivered += accepted.size();
            dead += aside.size();
            twice += accepted.values().stream().filter(times -> times > 1).count();
        }
        say(rows + " rows committed, " + delivered + " distinct ones delivered (" + twice + " more than once), " + dead
                + " dead letters; " + drover.size());
    }

    private AutoCloseable begin(Blow blow) throws Exception {
        String name = name();
        Receiver receiver = receivers.get(name);
        TcpProxy toReceiver = toReceivers.get(name);
        TcpProxy toSource = engine(name) == Engine.MARIADB ? toMariaDb : toPostgres;
        String detail = "";
        int next = lastIds.get(name) + 1;
        AutoCloseable end;
        switch (blow) {
            case STATUS -> {
                int status = STATUSES.get(random.nextInt(STATUSES.size()));
                detail = " " + status;
                end = failing(receiver, Fault.respond(status));
            }
            case PAUSE -> {
                int status = random.nextBoolean() ? 429 : random.nextBoolean() ? 503 : 403;
                String pause = PAUSES.get(random.nextInt(PAUSES.size()));
                detail = " " + status + " " + pause;
                end = failing(receiver, Fault.respond(status, Map.of("Retry-After", pause)));
            }
            case NO_ANSWER -> end = failing(receiver, Fault.dropConnection());
            case LATE_ANSWER -> {
                CountDownLatch opened = new CountDownLatch(1);
                receiver.fails(Fault.slow(2 * LONGEST_FAULT_MILLIS, opened));
                end = () -> {
                    opened.countDown();
                    receiver.fails(Fault.none());
                };
            }
            case TOO_LARGE -> end = failing(receiver, Fault.tooLarge(1500));
            case POISON -> end = failing(receiver, poison(next + 2, next + 6));
            case STATUS_FOR_EACH ->
                end = failing(
                        receiver,
                        request -> Optional.of(new Answer(207, Map.of(), "[{\"status\":201},{\"status\":422}]")));
            case HOSTILE_ANSWER ->
                end = failing(
                        receiver,
                        answering(Map.of("CamelHttpUri", "http://127.0.0.1:1/", "CamelHttpMethod", "GET"), "{}"));
            case HUGE_ANSWER -> end = failing(receiver, answering(Map.of(), "x".repeat(3_000_000)));
            case DESTINATION_CUT -> end = down(toReceiver, toReceiver::cut);
            case DESTINATION_SILENT -> end = down(toReceiver, toReceiver::blackHole);
            case DESTINATION_HALF_CLOSED -> end = down(toReceiver, toReceiver::halfClose);
            case ANSWER_CUT -> end = down(toReceiver, () -> toReceiver.cutAfter(random.nextInt(1, 300)));
            case SOURCE_CUT -> end = down(toSource, toSource::cut);
            case SOURCE_SILENT -> end = down(toSource, toSource::blackHole);
            case SOURCE_RESET -> end = down(toSource, toSource::reset);
            case SOURCE_CUT_WITHIN_A_PAGE -> end = down(toSource, () -> toSource.cutAfter(random.nextInt(1, 20_000)));
            case SOURCE_SESSIONS_ENDED -> end = sessionsEnded(postgres);
            case TABLE_LOCKED -> end = tableLocked(name);
            case COLUMN_GONE -> end = columnGone(name);
            case LATE_COMMIT -> end = openWriter(name, true);
            case ROLLBACK -> end = openWriter(name, false);
            case ROWS_CHANGED -> {
                run(name, "UPDATE " + name + " SET product = 'changed' WHERE id > " + (next - 50));
                end = () -> {};
            }
            case STORE_CUT -> end = down(toStore, toStore::cut);
            case STORE_SILENT -> end = down(toStore, toStore::blackHole);
            case STORE_CUT_WITHIN_AN_ANSWER -> end = down(toStore, () -> toStore.cutAfter(random.nextInt(1, 5_000)));
            case STORE_SESSIONS_ENDED -> end = sessionsEnded(store);
            case CHECKPOINTS_LOCKED ->
                end = onCheckpoints(() -> locking(store, "UPDATE drover_checkpoint SET settled = settled"));
            case DISK_FULL_FOR_DEAD_LETTERS -> {
                failing(receiver, poison(next + 1, next + 2));
                AutoCloseable room = fullDisk("drover_dead_letter");
                end = () -> {
                    room.close();
                    receiver.fails(Fault.none());
                };
            }
            case DISK_FULL_FOR_CHECKPOINTS -> end = onCheckpoints(() -> fullDisk("drover_checkpoint"));
            case STOPPED -> {
                assertThat(drover.process().terminate()).isEqualTo(143);
                end = () -> {};
            }
            case KILLED -> {
                if (random.nextBoolean()) {
                    kill();
                    end = () -> {};
                } else {
                    detail = " at the end";
                    end = this::kill;
                }
            }
            case PAUSED -> end = paused(Duration.ofMillis(random.nextInt(2 * LEASE_MILLIS)));
            case CLOCK_SHIFTED -> {
                long seconds = CLOCK_SHIFTS.get(random.nextInt(CLOCK_SHIFTS.size()));
                detail = " by " + seconds + " s";
                drover.shiftClock(seconds);
                end = () -> drover.shiftClock(0);
            }
            case TAKEN_OVER -> {
                try (Connection another = locking(
                        store, "UPDATE drover_checkpoint SET epoch = epoch + 1 WHERE pipeline = '" + name + "'")) {
                    if (!another.isClosed()) {
                        another.commit();
                    }
                }
                end = () -> {};
            }
            case ROUTE_CHANGED -> {
                int pageSize = random.nextInt(1, 200);
                detail = " to pages of " + pageSize;
                drover.write(route(name).replace("{{drover.orders.pageSize}}", Integer.toString(pageSize)));
                end = () -> {};
            }
            case REPLAYED -> {
                drover.replay(name);
                end = () -> {};
            }
            case JAVA_ERROR_READING -> end = broken("reading");
            case JAVA_ERROR_DELIVERING -> end = broken("delivering");
            default -> throw new IllegalStateException(blow.name());
        }
        blows.merge(blow, 1, Integer::sum);
        history.add(blow + detail + " at " + name);
        return end;
    }

    private void kill() throws Exception {
        drover.process().kill();
        drover.start("killed");
    }

    private AutoCloseable broken(String where) throws IOException {
        Path asked = Files.writeString(folder.resolve(where), "");
        return () -> Files.deleteIfExists(asked);
    }

    /** Stands still for this time, which may be longer than its lease. The test goes on, and waits for H2 with it. */
    private AutoCloseable paused(Duration time) {
        DroverProcess process = drover.process();
        Thread pause = new Thread(
                () -> {
                    try {
                        process.pause();
                        Thread.sleep(time.toMillis());
                        process.resume();
                    } catch (Exception e) {
                        say("the process has ended while it stood still: " + e);
                    }
                },
                "pause");
        pause.start();
        return pause::join;
    }

    private static boolean isExpected(String halt) {
        return halt.contains("OutOfMemoryError: on purpose") || halt.contains("is no longer owned by");
    }

    private static AutoCloseable failing(Receiver receiver, Fault fault) {
        receiver.fails(fault);
        return () -> receiver.fails(Fault.none());
    }

    /** Accepts, and says so. */
    private static Fault answering(Map<String, String> headers, String body) {
        return request -> Optional.of(new Answer(200, headers, body));
    }

    /** Refuses these records, with a text that no column of PostgreSQL can hold. */
    private static Fault poison(Integer... ids) {
        Fault refusal = Fault.rejectRecords(422, ids);
        return (Request request) -> refusal.answer(request)
                .map(answer -> new Answer(answer.status(), answer.headers(), "bad\0 \uD83D\uDE00"));
    }

    private static AutoCloseable down(TcpProxy proxy, Runnable how) {
        how.run();
        return proxy::restore;
    }

    private AutoCloseable sessionsEnded(Database database) {
        database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid() AND application_name <> 'soak'");
        return () -> {};
    }

    private AutoCloseable tableLocked(String name) throws SQLException {
        return held(
                name,
                engine(name) == Engine.POSTGRES
                        ? "LOCK TABLE " + name + " IN ACCESS EXCLUSIVE MODE"
                        : "SELECT id FROM " + name + " FOR UPDATE");
    }

    private AutoCloseable columnGone(String name) throws SQLException {
        try (Connection connection =
                locking(database(name), "ALTER TABLE " + name + " RENAME COLUMN product TO gone")) {
            if (connection.isClosed()) {
                return () -> {};
            }
            connection.commit();
            heldTables.add(name);
        }
        return () -> {
            heldTables.remove(name);
            run(name, "ALTER TABLE " + name + " RENAME COLUMN gone TO product");
        };
    }

    /** A transaction with rows whose keys are lower than those of others, which are committed before. */
    private AutoCloseable openWriter(String name, boolean commits) throws SQLException {
        if (heldTables.contains(name)) {
            return () -> {};
        }
        int first = lastIds.get(name) + 1;
        Connection writer = locking(database(name), insertion(name, first, first + 3, "late"));
        if (writer.isClosed()) {
            return () -> {};
        }
        heldTables.add(name); // of other transactions; rows are inserted as before
        lastIds.merge(name, commits ? 4 : 0, Integer::sum);
        if (commits) {
            insertUnlessLocked(name);
        }
        return () -> {
            heldTables.remove(name);
            try (writer) {
                if (commits) {
                    writer.commit();
                }
            } catch (SQLException e) {
                afterFailure(name, e);
            }
        };
    }

    private AutoCloseable held(String name, String statement) throws SQLException {
        if (!heldTables.add(name)) {
            return () -> {};
        }
        Connection holder = locking(database(name), statement);
        return () -> {
            heldTables.remove(name);
            try {
                holder.close();
            } catch (SQLException e) {
                afterFailure(name, e);
            }
        };
    }

    /** A connection with an open transaction that has run this; closed, if the pipelines have kept it from doing so. */
    private Connection locking(Database database, String statement) throws SQLException {
        Connection connection = patiently(database::open);
        connection.setAutoCommit(false);
        try (Statement locking = connection.createStatement()) {
            locking.execute(
                    switch (database.url().split(":", 3)[1]) {
                        case "postgresql" -> "SET lock_timeout = '2s'; SET application_name = 'soak'";
                        case "mariadb" -> "SET innodb_lock_wait_timeout = 2, lock_wait_timeout = 2";
                        default -> "SET LOCK_TIMEOUT 2000";
                    });
            locking.execute(statement);
        } catch (SQLException e) {
            connection.close();
        }
        return connection;
    }

    /** One at a time: the lock of one would keep the test itself from beginning or ending the other. */
    private AutoCloseable onCheckpoints(Callable<AutoCloseable> fault) throws Exception {
        if (!heldTables.add("drover_checkpoint")) {
            return () -> {};
        }
        AutoCloseable end = fault.call();
        return () -> {
            end.close();
            heldTables.remove("drover_checkpoint");
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

    private void insert(String name) throws SQLException {
        if (!heldTables.contains(name)) {
            insertUnlessLocked(name);
        }
    }

    /** Some rows; none if the table stays locked, as it may while the connection of a pipeline is silent. */
    private void insertUnlessLocked(String name) throws SQLException {
        int first = lastIds.get(name) + 1;
        int last = lastIds.get(name) + random.nextInt(1, 30);
        try (Connection connection = locking(
                database(name), insertion(name, first, last, random.nextInt(50) == 0 ? "nobody" : "customer"))) {
            if (!connection.isClosed()) {
                connection.commit();
                lastIds.put(name, last);
            }
        } catch (SQLException e) {
            afterFailure(name, e);
        }
    }

    /** Nobody knows whether a commit has succeeded whose H2 was killed. */
    private void afterFailure(String name, SQLException failure) throws SQLException {
        if (engine(name) != Engine.H2) {
            throw failure;
        }
        lastIds.put(
                name, committed(name).stream().mapToInt(Integer::parseInt).max().orElse(0));
    }

    private Set<String> committed(String name) {
        return Set.copyOf(patiently(() -> database(name).column("SELECT id FROM " + name)));
    }

    private void run(String name, String statement) {
        patiently(() -> {
            database(name).run(statement);
            return true;
        });
    }

    /** H2 cannot be asked while the process that has opened it has ended and another one opens it. */
    private <T> T patiently(Callable<T> action) {
        try {
            return await().atMost(RECOVERY).ignoreExceptions().until(action, Objects::nonNull);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "after " + history + ", seed " + seed + ": "
                            + SupervisedDrover.threads(ProcessHandle.current().pid()) + drover.state("soak6"),
                    e);
        }
    }

    private String insertion(String name, int first, int last, String customer) {
        return "INSERT INTO " + name + " (id, customer, product) SELECT x, CASE WHEN x = " + last + " THEN '" + customer
                + "' ELSE CONCAT('customer ', MOD(x, 9)) END, 'product' FROM "
                + database(name).rows(first, last);
    }

    /** How many records are accepted or set aside. */
    private int settled(String name) {
        Set<String> settled = deadLetters(name);
        settled.addAll(receivers.get(name).accepted().keySet());
        return settled.size();
    }

    private Set<String> deadLetters(String name) {
        return store.column("SELECT record_key FROM drover_dead_letter WHERE pipeline = '" + name + "'").stream()
                .map(key -> key.substring("id=".length()))
                .collect(Collectors.toSet());
    }

    private String name() {
        return "soak" + random.nextInt(PIPELINES);
    }

    private static Engine engine(String name) {
        return OF_MARIADB.contains(name) ? Engine.MARIADB : OF_H2.contains(name) ? Engine.H2 : Engine.POSTGRES;
    }

    private Database database(String name) {
        return switch (engine(name)) {
            case POSTGRES -> postgres;
            case MARIADB -> mariaDb;
            case H2 -> h2;
        };
    }

    private static void say(String line) {
        System.out.println(String.format(Locale.ROOT, "soak: %s", line));
    }

    private static RouteFile route(String name) {
        RouteFile table = RouteFile.of("routes/examples/orders-table.camel.yaml");
        RouteFile file = new RouteFile(
                name + ".camel.yaml",
                table.text()
                        .replaceAll("(?m)^( +id: )", "$1" + name + "-")
                        .replace("orders-table", name)
                        .replace("table: orders", "table: " + name + "\n        columns: id, customer, product")
                        .replace("{{drover.orders.url}}", "{{" + name + ".url}}"));
        String breaks = "- bean: {beanType: \"" + Breaks.class.getName() + "\", method: process}";
        file = file.before("- marshal:", breaks)
                .before(
                        "- aggregate:",
                        breaks,
                        "- setProperty: {name: customer, simple: \"${body[customer]}\"}",
                        "- filter:",
                        "    simple: \"${body[customer]} == 'nobody'\"",
                        "    steps:",
                        "      - setBody: {simple: \"${null}\"}");
        if (OF_LANES.contains(name)) {
            file = file.replace(
                            "constant:\n                      expression: " + name,
                            "method: {ref: lane, method: \"of(${exchangeProperty.customer}, 4)\"}")
                    .replace(
                            "- to:\n                        id: " + name + "-hand",
                            "- process: {ref: turn}\n                    - to:\n                        id: " + name
                                    + "-hand");
        }
        String exact = engine(name) == Engine.H2 ? "SESSIONS" : "LOCK";
        file = file.replace(
                "\"{{drover.source.consistency}}\"",
                OF_CLAIMS.contains(name) ? "CLAIM\n        claimLease: 10000" : exact);
        if (OF_CLAIMS.contains(name)) {
            file = file.replace("        promises: \"{{drover.source.promises}}\"\n", "")
                    .replace("        startAfter: \"0\"\n", "");
        }
        return switch (engine(name)) {
            case POSTGRES -> file;
            case MARIADB -> onPool(file, name, "second");
            case H2 -> onPool(file, name, "third");
        };
    }

    private static RouteFile onPool(RouteFile file, String name, String pool) {
        return file.replace("        table: " + name, "        dataSource: \"#" + pool + "\"\n        table: " + name);
    }
}
