package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.audit.Audit;
import dev.drover.audit.AuditReport;
import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Cursor;
import dev.drover.lint.LoadedRoutes;
import dev.drover.source.SourceForm;
import dev.drover.store.CheckpointEditor;
import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * An audit that goes on all the time while everything changes that may change without a row being missed: no alarm is
 * right then. {@code -Daudit.seconds} sets the length of the test, 60 by default, {@code -Daudit.seed} the events.
 */
@Integration
class AuditSoakTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int WRITERS = 8;
    private static final String PIPELINE = "orders";

    private final long seed = Long.getLong("audit.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Database source = Database.postgres();
    private final DriverManagerDataSource store = new DriverManagerDataSource(source.url(), source.username(), "");
    private final CheckpointEditor checkpoints = new CheckpointEditor(store);
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Integer> events = new HashMap<>();
    private volatile boolean stopped;

    @TempDir
    Path folder;

    @Test
    @Tag("full")
    void shouldRaiseNoFalseAlarmWhenWritersRaceAndOwnersAreKilledAndCheckpointsAreSet() throws Exception {
        source.orders(1, 1);
        source.run("DELETE FROM orders");
        ExecutorService threads = Executors.newCachedThreadPool();
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO);
                Writers writers = Writers.start(source, WRITERS, seed)) {
            // Given
            environment.put("DROVER_SOURCE_URL", source.url());
            environment.put("DROVER_SOURCE_USERNAME", source.username());
            environment.put("DROVER_STORE_URL", source.url());
            environment.put("DROVER_STORE_USERNAME", source.username());
            environment.put("DROVER_STORE_PASSWORD", "");
            environment.put("DROVER_ORDERS_URL", receiver.url());
            environment.put("DROVER_SOURCE_PROMISES", "keysGrow"); // the writers take each key inside the INSERT
            environment.put("DROVER_LEASE_DURATION", "1500");
            environment.put("DROVER_AUDIT_SEGMENT", "1000");
            List<DroverProcess> processes = new ArrayList<>(List.of(start(), start()));
            await().atMost(PATIENCE).until(() -> checkpoint() > 0);
            Future<?> changes = threads.submit(this::changeBehindTheCheckpoint);
            Future<List<AuditReport>> audits = threads.submit(this::audits);

            // When
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("audit.seconds", 60));
            for (int round = 1; System.nanoTime() < end; round++) {
                TimeUnit.MILLISECONDS.sleep(3_000 + random.nextInt(2_000));
                event(round, processes);
                restart(processes);
            }
            stopped = true;
            changes.get();
            BitSet committed = writers.stop();
            List<AuditReport> reports = audits.get();
            restart(processes);
            await().atMost(PATIENCE).until(() -> {
                restart(processes);
                return receiver.distinct() == committed.cardinality() && checkpoint() >= committed.length() - 1;
            });
            AuditReport last = audit();
            processes.forEach(DroverProcess::close);

            // Then
            System.out.println(committed.cardinality() + " rows, " + events + ", " + reports.size() + " audits, "
                    + last.lines() + ", seed " + seed);
            assertThat(reports).as("seed %s", seed).isNotEmpty().allMatch(this::isWell);
            assertThat(last.isComplete()).as("%s, seed %s", last.lines(), seed).isTrue();
            assertThat(last.upTo()).isEqualTo("id=" + (committed.length() - 1));
            assertThat(last.gone()).isPositive();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Directly after a reset there is nothing to audit yet. */
    private boolean isWell(AuditReport report) {
        return report.isComplete() || report.upTo() == null;
    }

    private DroverProcess start() throws Exception {
        return DroverProcess.run(folder, environment);
    }

    /** Two are to run, of which one stands by for the other. */
    private void restart(List<DroverProcess> processes) throws Exception {
        for (int i = 0; i < processes.size(); i++) {
            if (!processes.get(i).isAlive()) {
                processes.set(i, start());
            }
        }
    }

    private void event(int round, List<DroverProcess> processes) throws Exception {
        String event = round == 3 ? "reset" : round % 4 == 0 ? "set" : "kill";
        events.merge(event, 1, Integer::sum);
        switch (event) {
            case "reset" -> checkpoints.set(PIPELINE, null);
            case "set" -> checkpoints.set(PIPELINE, key(Math.max(1, checkpoint() - random.nextInt(5_000))));
            default -> processes.get(random.nextInt(processes.size())).kill();
        }
    }

    private static Cursor key(long id) {
        return new Cursor(List.of("id"), List.of(id));
    }

    /** The id up to which all is settled; 0 before the first. */
    private long checkpoint() {
        try {
            return checkpoints
                    .of(PIPELINE)
                    .map(CheckpointEditor.Stored::cursor)
                    .map(cursor -> ((Number) cursor.values().get(0)).longValue())
                    .orElse(0L);
        } catch (RuntimeException e) {
            return 0; // the store has no tables yet
        }
    }

    /** Deletes rows that were read, and updates any: the pipeline reads a row once. */
    private Void changeBehindTheCheckpoint() throws SQLException, InterruptedException {
        Random some = new Random(seed);
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            while (!stopped) {
                long read = checkpoint();
                if (read > 0) {
                    statement.execute("DELETE FROM orders WHERE id = " + (1 + some.nextLong(read)));
                    statement.execute(
                            "UPDATE orders SET quantity = quantity + 1 WHERE id = " + (1 + some.nextLong(read)));
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        return null;
    }

    private List<AuditReport> audits() throws Exception {
        List<AuditReport> reports = new ArrayList<>();
        while (!stopped) {
            reports.add(audit());
            TimeUnit.MILLISECONDS.sleep(500);
        }
        return reports;
    }

    private AuditReport audit() throws Exception {
        Map<String, String> settings = Map.of(
                "drover.source.url", source.url(),
                "drover.source.username", source.username(),
                "drover.orders.url", "http://localhost:1/");
        try (LoadedRoutes loaded = LoadedRoutes.open(RoutesFolder.open(DroverProcess.ROUTES), settings)) {
            SourceForm form = loaded.pipelines().get(0).form();
            return new Audit(form, store, () -> true, false).run(Audit.Range.ALL);
        }
    }
}
