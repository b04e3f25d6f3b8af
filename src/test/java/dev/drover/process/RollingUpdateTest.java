package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Versions of the routes replace each other while rows are inserted all the time, as an orchestrator does it. Each
 * version names itself in a header of its deliveries.
 */
@Integration
class RollingUpdateTest {

    private static final int BATCH = 50;
    private static final int WINDOW = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final Database database = Database.postgres().orders(1, 0);
    private final List<DroverProcess> started = new ArrayList<>();
    private CountingReceiver receiver;
    private Writers writers;

    @BeforeEach
    void receive() throws IOException {
        receiver = new CountingReceiver(Duration.ofMillis(30));
    }

    @AfterEach
    void stop() {
        started.forEach(DroverProcess::close);
        writers.close();
        receiver.close();
    }

    @Test
    void shouldLoseAndRepeatNothingWhenTheNextVersionStandsByOrIsStartedAfterwards() throws Exception {
        update(2);
    }

    @Test
    @Tag("full")
    void shouldLoseAndRepeatNothingWhenVersionsFollowEachOtherForLong() throws Exception {
        update(20);
    }

    /** By turns as {@code RollingUpdate} and as {@code Recreate}. */
    private void update(int times) throws Exception {
        // Given
        writers = Writers.start(database, 2, 7);
        DroverProcess running = owner(0);
        delivers(0);

        // When
        for (int version = 1; version <= times; version++) {
            if (version % 2 == 1) {
                DroverProcess next = owner(version);
                says(next, "orders: stands by");
                assertThat(running.terminate()).isEqualTo(143);
                running = next;
            } else {
                assertThat(running.terminate()).isEqualTo(143);
                running = owner(version);
            }
            delivers(version);
        }

        // Then
        awaitAllDelivered();
        assertThat(running.terminate()).isEqualTo(143);
        assertThat(receiver.duplicates()).isZero();
        assertThat(receiver.versions())
                .containsExactlyElementsOf(IntStream.rangeClosed(0, times)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    @Tag("full")
    void shouldLoseNothingWhenInstancesThatClaimAreReplacedAndOneIsKilled() throws Exception {
        replaceClaiming(1);
    }

    @Test
    @Tag("full")
    void shouldLoseNothingWhenInstancesThatClaimAreReplacedForLong() throws Exception {
        replaceClaiming(8);
    }

    /** Three instances share the rows; each is replaced in each turn, and one of the old ones is killed before. */
    private void replaceClaiming(int times) throws Exception {
        // Given
        database.run(
                "ALTER TABLE orders ADD COLUMN claim_token VARCHAR(40)",
                "ALTER TABLE orders ADD COLUMN claimed_until TIMESTAMP WITH TIME ZONE",
                "ALTER TABLE orders ADD COLUMN settled_at TIMESTAMP WITH TIME ZONE");
        writers = Writers.start(database, 1, 7);
        List<DroverProcess> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(claiming(0));
        }
        awaitClaiming(running);

        // When
        for (int version = 1; version <= times; version++) {
            running.get(0).kill();
            for (int i = 0; i < 3; i++) {
                DroverProcess next = claiming(version);
                awaitClaiming(List.of(next));
                if (i > 0) {
                    assertThat(running.get(i).terminate()).isEqualTo(143);
                }
                running.set(i, next);
            }
            delivers(version);
        }

        // Then
        awaitAllDelivered();
        for (DroverProcess last : running) {
            assertThat(last.terminate()).isEqualTo(143);
        }
        assertThat(receiver.duplicates()).isLessThanOrEqualTo((long) times * WINDOW);
        String last = Integer.toString(times);
        assertThat(receiver.versions()).startsWith("0").contains(last);
        assertThat(database.number("SELECT COUNT(*) FROM orders WHERE settled_at IS NULL"))
                .isZero();
    }

    private void awaitAllDelivered() throws Exception {
        BitSet committed = writers.stop();
        eventually(() -> receiver.distinct() >= committed.cardinality());
        System.out.printf("rows=%d duplicates=%d%n", committed.cardinality(), receiver.duplicates());
        assertThat(receiver.ids()).isEqualTo(committed);
    }

    /** A version delivers what is inserted now. */
    private void delivers(int version) {
        int behind = writers.committed().cardinality();
        eventually(() -> receiver.versions().contains(Integer.toString(version)) && receiver.distinct() > behind);
    }

    private void awaitClaiming(List<DroverProcess> instances) {
        for (DroverProcess instance : instances) {
            says(instance, "claims rows");
        }
        int delivered = receiver.distinct();
        eventually(() -> receiver.distinct() > delivered);
    }

    private static void says(DroverProcess drover, String text) {
        eventually(() -> drover.errors().stream().anyMatch(line -> line.contains(text)));
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(PATIENCE).until(condition);
    }

    private DroverProcess owner(int version) throws IOException {
        return run(version, "routes/orders.camel.yaml", "LOCK");
    }

    private DroverProcess claiming(int version) throws IOException {
        return run(version, "routes/examples/orders-table.camel.yaml", "CLAIM");
    }

    private DroverProcess run(int version, String route, String consistency) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("DROVER_SOURCE_URL", database.url());
        environment.put("DROVER_SOURCE_USERNAME", database.username());
        environment.put("DROVER_SOURCE_CONSISTENCY", consistency);
        environment.put("DROVER_SOURCE_PROMISES", "keysGrow"); // the writers take each key inside the INSERT
        environment.put("DROVER_LEASE_DURATION", consistency.equals("CLAIM") ? "3000" : "30000");
        environment.put("DROVER_STORE_URL", database.url());
        environment.put("DROVER_STORE_USERNAME", database.username());
        environment.put("DROVER_ORDERS_URL", receiver.url());
        environment.put("DROVER_ORDERS_PAGESIZE", "200");
        environment.put("DROVER_ORDERS_BATCHSIZE", Integer.toString(BATCH));
        environment.put("DROVER_ORDERS_MAXINFLIGHT", Integer.toString(WINDOW));
        DroverProcess drover =
                DroverProcess.run(Files.createTempDirectory(folder, "run"), routes(version, route), environment);
        started.add(drover);
        return drover;
    }

    private Path routes(int version, String route) throws IOException {
        Path routes = Files.createDirectories(folder.resolve("version-" + version));
        String text = Files.readString(Path.of(route));
        String header = "- setHeader: { id: version, name: " + CountingReceiver.VERSION + ", constant: { expression: \""
                + version + "\" } }\n        ";
        int marshal = text.indexOf("- marshal:");
        String lease = "table: orders\n        claimLease: 3000";
        Files.writeString(
                routes.resolve("orders.camel.yaml"),
                (text.substring(0, marshal) + header + text.substring(marshal)).replace("table: orders", lease));
        return routes;
    }
}
