package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.TcpProxy;
import dev.drover.testing.Verdict;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the network does to the connections of the source and of the store, while a pipeline runs. */
@Integration
class NetworkFaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 5000;
    private static final int PAGE = 500;
    private static final int BATCH = 100;
    private static final int WINDOW = 2000;
    private static final int STATEMENT_MILLIS = 1000;

    private final Receiver receiver = Receiver.start("id");
    private Database database;
    private TcpProxy toSource;
    private TcpProxy toStore;
    private Verdict verdict;
    private Drover drover;

    private void set(Engine engine, PipelineForm form) {
        database = engine.newDatabase().orders(1, ROWS);
        toSource = TcpProxy.to(database.port());
        toStore = TcpProxy.to(database.port());
        verdict = new Verdict(database, receiver);
        drover = Drover.reading(database.through(toSource))
                .file(form.file())
                .sendingTo(receiver)
                .sizes(PAGE, BATCH, WINDOW)
                .set("drover.store.url", database.through(toStore).url())
                .set("drover.source.timeout", STATEMENT_MILLIS)
                .set("drover.store.timeout", STATEMENT_MILLIS);
    }

    @AfterEach
    void stop() {
        drover.close();
        verdict.close();
        toSource.close();
        toStore.close();
        receiver.close();
    }

    @ParameterizedTest
    @CsvSource({"POSTGRES, READ_STEP", "POSTGRES, TABLE", "MARIADB, READ_STEP", "MARIADB, TABLE"})
    void shouldReadThePageAgainWhenTheSourceIsCutInTheMiddleOfIt(Engine engine, PipelineForm form) {
        // Given
        set(engine, form);
        toSource.cutAfter(100_000);

        // When
        try (Logs logs = new Logs()) {
            drover.draining().start();
            await().atMost(PATIENCE).until(() -> logs.says("a page could not be read"));
        }
        toSource.restore();
        drover.awaitEnd();

        // Then
        verdict.assertEachOnce(drover);
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void shouldGoOnWhenTheSourceSaysNoMoreOnItsConnections(Engine engine) {
        // Given
        set(engine, PipelineForm.TABLE);
        drover.start();
        awaitAccepted(ROWS);

        // When
        toSource.halfClose();
        database.orders(ROWS + 1, 2 * ROWS);
        awaitAccepted(2 * ROWS);
        drover.awaitSettled();

        // Then
        verdict.assertEachOnce(drover);
    }

    @ParameterizedTest
    @CsvSource({"POSTGRES, READ_STEP", "POSTGRES, TABLE", "MARIADB, READ_STEP", "MARIADB, TABLE"})
    void shouldReadThePageAgainWhenTheSourceFallsSilentInTheMiddleOfIt(Engine engine, PipelineForm form) {
        // Given
        set(engine, form);
        toSource.blackHoleAfter(100_000);

        // When
        try (Logs logs = new Logs()) {
            drover.draining().start();
            await().atMost(PATIENCE).until(() -> logs.says("a page could not be read"));
        }
        toSource.restore();
        drover.awaitEnd();

        // Then
        verdict.assertEachOnce(drover);
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource({"POSTGRES, READ_STEP", "POSTGRES, TABLE", "MARIADB, READ_STEP", "MARIADB, TABLE"})
    void shouldGiveUpAndReadAgainWhenTheSourceNeverAnswers(Engine engine, PipelineForm form) {
        // Given
        set(engine, form);
        drover.start();
        awaitAccepted(ROWS);

        // When
        try (Logs logs = new Logs()) {
            toSource.blackHole();
            database.orders(ROWS + 1, 2 * ROWS);
            await().atMost(PATIENCE).until(() -> logs.says("a page could not be read"));
        }
        toSource.restore();
        awaitAccepted(2 * ROWS);
        drover.awaitSettled();

        // Then
        verdict.assertEachOnce(drover);
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void shouldDeliverUpToTheWindowAndWaitWhenTheStoreNeverAnswers(Engine engine) throws Exception {
        // Given
        set(engine, PipelineForm.READ_STEP);
        drover.start();
        awaitAccepted(ROWS);
        drover.awaitSettled();

        // When
        int meanwhile;
        String checkpoint;
        try (Logs logs = new Logs()) {
            toStore.blackHole();
            database.orders(ROWS + 1, 2 * ROWS);
            await().atMost(PATIENCE).until(() -> logs.says("the checkpoint could not be written, tried again"));
            awaitAccepted(ROWS + WINDOW);
            TimeUnit.SECONDS.sleep(1);
            meanwhile = receiver.accepted().size();
            checkpoint = drover.checkpoint();
        }
        toStore.restore();
        awaitAccepted(2 * ROWS);
        drover.awaitSettled();

        // Then
        assertThat(meanwhile).isEqualTo(ROWS + WINDOW);
        assertThat(checkpoint).isEqualTo("id=" + ROWS);
        verdict.assertEachOnce(drover);
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void shouldWriteTheDeadLetterOnceWhenTheStoreAnswersLate(Engine engine) {
        // Given
        set(engine, PipelineForm.READ_STEP);
        receiver.fails(Fault.rejectRecords(422, ROWS + 7));
        drover.start();
        awaitAccepted(ROWS);
        drover.awaitSettled();

        // When
        try (Logs logs = new Logs()) {
            toStore.blackHole();
            database.orders(ROWS + 1, ROWS + PAGE);
            awaitAccepted(ROWS + PAGE - BATCH);
            await().during(Duration.ofSeconds(5)).atMost(PATIENCE).until(() -> logs.errors()
                    .isEmpty());
        }
        toStore.restore();
        awaitAccepted(ROWS + PAGE - 1);
        drover.awaitSettled();

        // Then
        verdict.assertEachOnce(drover);
        assertThat(database.column("SELECT record_key FROM drover_dead_letter")).containsExactly("id=" + (ROWS + 7));
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MARIADB"})
    void shouldDeliverEachOnceWhenTheNetworkBreaksAgainAndAgain(Engine engine) throws Exception {
        // Given
        set(engine, PipelineForm.TABLE);
        database.orders(ROWS + 1, 4 * ROWS);
        drover.start();

        // When
        for (int i = 0; receiver.accepted().size() < 4 * ROWS && i < 40; i++) {
            (i % 2 == 0 ? toSource : toStore).reset();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        awaitAccepted(4 * ROWS);
        drover.awaitSettled();

        // Then
        verdict.assertEachOnce(drover);
    }

    private void awaitAccepted(int records) {
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= records);
    }
}
