package dev.drover;

import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The store refuses to write a checkpoint because of another transaction: it is written by a later try. */
@Integration
class StoreConflictTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 500;

    private final Receiver receiver = Receiver.start("id");
    private Database database;
    private Verdict verdict;
    private Drover drover;

    /** It follows, with such settings in the URL of its store. */
    private void follow(Engine engine, String settings) {
        database = engine.newDatabase().orders(1, ROWS);
        verdict = new Verdict(database, receiver);
        drover = Drover.reading(database)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sendingTo(receiver)
                .set("drover.store.url", database.at(database.port(), settings).url())
                .sizes(100, 50, 1000)
                .start();
        awaitAccepted(ROWS);
        drover.awaitSettled();
    }

    @AfterEach
    void stop() {
        drover.close();
        verdict.close();
        receiver.close();
    }

    /**
     * The write locks the checkpoint and then, by a trigger, the gate; the test locks the gate and then the
     * checkpoint. Neither database has the test give way: PostgreSQL chooses who waits for a second, MariaDB who has
     * changed less.
     */
    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void shouldWriteTheCheckpointAgainWhenItWasTheVictimOfADeadlock(Engine engine) throws Exception {
        // Given
        follow(engine, "");
        database.run("CREATE TABLE gate (id INT PRIMARY KEY, n INT)");
        database.run("INSERT INTO gate SELECT x, 0 FROM " + database.rows(1, 100));
        database.run(trigger(engine));

        // When
        try (Logs logs = new Logs();
                Connection other = database.open();
                Statement statement = other.createStatement()) {
            if (engine == Engine.POSTGRES) {
                statement.execute("SET deadlock_timeout = '10min'");
            }
            other.setAutoCommit(false);
            statement.execute("UPDATE gate SET n = n + 1");
            database.orders(ROWS + 1, 2 * ROWS);
            awaitAccepted(ROWS + 100);
            TimeUnit.MILLISECONDS.sleep(300);
            statement.execute("UPDATE drover_checkpoint SET settled = settled");
            other.commit();
            awaitRetry(logs, engine == Engine.POSTGRES ? "SQLSTATE 40P01" : "code 1213");
        }
        awaitAccepted(2 * ROWS);
        drover.awaitSettled();

        // Then
        verdict.assertEachOnce(drover);
    }

    private static String[] trigger(Engine engine) {
        String update = "UPDATE gate SET n = n + 1 WHERE id = 1";
        return engine == Engine.MARIADB
                ? new String[] {"CREATE TRIGGER gate BEFORE UPDATE ON drover_checkpoint FOR EACH ROW " + update}
                : new String[] {
                    "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + update
                            + "; RETURN NEW; END $$",
                    "CREATE TRIGGER gate AFTER UPDATE ON drover_checkpoint FOR EACH ROW EXECUTE FUNCTION gate()"
                };
    }

    /** PostgreSQL: could not serialize access (40001). MariaDB: lock wait timeout (1205). */
    @ParameterizedTest
    @CsvSource({
        "POSTGRES, ?options=-c%20default_transaction_isolation=serializable",
        "MARIADB, ?sessionVariables=innodb_lock_wait_timeout=1"
    })
    void shouldWriteTheCheckpointAgainWhenAnotherTransactionCameBefore(Engine engine, String settings)
            throws SQLException, InterruptedException {
        // Given
        follow(engine, settings);

        // When
        try (Logs logs = new Logs();
                Connection other = database.open();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("UPDATE drover_checkpoint SET settled = settled");
            database.orders(ROWS + 1, 2 * ROWS);
            awaitAccepted(ROWS + 100);
            TimeUnit.MILLISECONDS.sleep(2000);
            other.commit();
            awaitRetry(logs, engine == Engine.POSTGRES ? "SQLSTATE 40001" : "code 1205");
        }
        awaitAccepted(2 * ROWS);
        drover.awaitSettled();

        // Then
        verdict.assertEachOnce(drover);
    }

    private static void awaitRetry(Logs logs, String code) {
        await().atMost(PATIENCE).until(() -> logs.warnings().stream()
                .anyMatch(line ->
                        line.contains("the checkpoint could not be written, tried again") && line.contains(code)));
    }

    private void awaitAccepted(int records) {
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= records);
    }
}
