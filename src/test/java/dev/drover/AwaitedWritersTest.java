package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Events;
import dev.drover.testing.Integration;
import dev.drover.testing.OwnPostgres;
import dev.drover.testing.Receiver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions that are open beside the reading: awaited, named, and never forgotten. */
@Integration
class AwaitedWritersTest {

    /** A mode that waits for writers, where it waits, and how it names them. */
    private enum Waiting {
        LOCK_ON_POSTGRES(Engine.POSTGRES, "LOCK", Events.key(Engine.POSTGRES), "pid [0-9]+ \\(postgres, "),
        XID_ON_POSTGRES(Engine.POSTGRES, "XID", Events.BY_TRANSACTION, "pid [0-9]+ \\(postgres, "),
        LOCK_ON_MARIADB(Engine.MARIADB, "LOCK", Events.key(Engine.MARIADB), "thread [0-9]+ \\(root, "),
        SESSIONS_ON_H2(Engine.H2, "SESSIONS", Events.key(Engine.H2), "session [0-9]+ since .+ \\(DROVER\\)");

        private final Engine engine;
        private final String mode;
        private final String key;
        private final String named;

        Waiting(Engine engine, String mode, String key, String named) {
            this.engine = engine;
            this.mode = mode;
            this.key = key;
            this.named = named;
        }

        Database filled() {
            Database source = engine.newDatabase();
            source.run("CREATE TABLE events (text VARCHAR(20) NOT NULL, " + key + ")");
            return source;
        }

        Drover reading(Database source, Receiver receiver) {
            return Drover.reading(source)
                    .file(this == XID_ON_POSTGRES ? Events.routeByTransaction() : Events.route())
                    .sendingTo(receiver)
                    .set("drover.source.consistency", mode)
                    .sizes(10, 10, 100);
        }
    }

    private final Receiver receiver = Receiver.start("id");
    private @Nullable Drover drover;

    @AfterEach
    void stop() {
        if (drover != null) {
            drover.close();
        }
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameTheWriterAndDrainWhenItHasEnded(Waiting mode) throws SQLException {
        // Given
        Database source = mode.filled();
        try (Connection writer = writing(source)) {
            source.run(Events.INSERT, Events.INSERT);

            // When
            drover = mode.reading(source, receiver).draining().start();
            Pipeline pipeline = awaitWaiting(mode.named);

            // Then
            assertThat(pipeline.state()).isEqualTo(Pipeline.State.RUNNING);
            assertThat(receiver.accepted()).isEmpty();
            writer.commit();
        }
        drover.awaitEnd();
        assertThat(drover.pipelines().get(0).state()).isEqualTo(Pipeline.State.FINISHED);
        assertThat(drover.pipelines().get(0).reading().waitsFor()).isEmpty();
        assertThat(receiver.accepted()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaltWithWhatIsLeftWhenTheWriterNeverEnds(Waiting mode) throws SQLException {
        // Given
        Database source = mode.filled();
        try (Connection writer = writing(source)) {
            source.run(Events.INSERT, Events.INSERT);

            // When
            drover = mode.reading(source, receiver)
                    .draining()
                    .set("camel.component.pages.drainPatience", 1000)
                    .start();
            drover.awaitEnd();

            // Then
            assertThat(drover.pipelines().get(0).ledger().halted().orElse(""))
                    .startsWith("not drained: rows are left that could not be read for ")
                    .containsPattern(mode.named);
            writer.rollback();
        }
    }

    @Test
    void shouldReadThePreparedRowWhenTheServerHasStartedAgainMeanwhile() throws SQLException {
        // Given
        try (OwnPostgres server = OwnPostgres.start()) {
            Database source = server.database();
            source.run("CREATE TABLE events (text VARCHAR(20) NOT NULL, " + Waiting.LOCK_ON_POSTGRES.key + ")");
            try (Connection writer = writing(source);
                    Statement statement = writer.createStatement()) {
                statement.execute("PREPARE TRANSACTION 'first of two'");
            }
            source.run(Events.INSERT);
            drover = Waiting.LOCK_ON_POSTGRES.reading(source, receiver).start();
            Pipeline pipeline = awaitWaiting("prepared transaction 'first of two'");

            // When
            server.crash();
            await().until(() -> pipeline.reading().waitsFor().isEmpty());
            server.startAgain();
            awaitWaiting("prepared transaction 'first of two'");
            assertThat(receiver.accepted()).isEmpty();
            server.database().run("COMMIT PREPARED 'first of two'");

            // Then
            awaitAccepted(2);
            drover.close();
        }
    }

    @Test
    void shouldReadTheRowOfADetachedTransactionWhenItIsCommittedOnMariaDb() throws SQLException {
        // Given
        Database source = Waiting.LOCK_ON_MARIADB.filled();
        try (Connection writer = source.open();
                Statement statement = writer.createStatement()) {
            statement.execute("XA START 'first', 'of two'");
            statement.execute(Events.INSERT);
            statement.execute("XA END 'first', 'of two'");
            statement.execute("XA PREPARE 'first', 'of two'");
        }
        source.run(Events.INSERT);

        // When
        drover = Waiting.LOCK_ON_MARIADB.reading(source, receiver).start();
        awaitWaiting("prepared transaction 'firstof two'");
        assertThat(receiver.accepted()).isEmpty();
        source.run("XA COMMIT 'first', 'of two'");

        // Then
        awaitAccepted(2);
    }

    @Test
    void shouldGoOnWhenTransactionsOverlapWithoutAGapOnMariaDb() throws Exception {
        // Given
        Database source = Waiting.LOCK_ON_MARIADB.filled();
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(2);
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < 2; writer++) {
            Thread thread = new Thread(() -> overlap(source, begun, ended));
            thread.start();
            writers.add(thread);
            Thread.sleep(750);
        }
        begun.await();

        // When
        drover = Waiting.LOCK_ON_MARIADB.reading(source, receiver).start();

        // Then
        try {
            awaitAccepted(1);
        } finally {
            ended.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        awaitAccepted(source.number("SELECT COUNT(*) FROM events").intValueExact());
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldNotEndWhenARowIsLockedByAnotherTransaction() throws SQLException {
        // Given
        Database source = claimed();
        try (Connection other = source.open();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT id FROM events WHERE id = 2 FOR UPDATE");

            // When
            drover = claiming(source).start();
            Pipeline pipeline = awaitWaiting("^1 rows that other transactions have locked");

            // Then
            assertThat(pipeline.state()).isEqualTo(Pipeline.State.RUNNING);
            awaitAccepted(2);
            other.rollback();
        }
        drover.awaitEnd();
        assertThat(receiver.accepted()).hasSize(3);
    }

    @Test
    void shouldHaltWithWhatIsLeftWhenAnotherInstanceKeepsItsClaim() {
        // Given
        Database source = claimed();
        source.run("UPDATE events SET claim_token = 'other', claimed_until = now() + INTERVAL '1' HOUR WHERE id = 2");

        // When
        drover = claiming(source)
                .set("camel.component.pages.drainPatience", 1000)
                .start();
        drover.awaitEnd();

        // Then
        assertThat(drover.pipelines().get(0).ledger().halted().orElse(""))
                .contains("waited for 1 rows that other transactions have locked, or other instances have claimed");
        assertThat(receiver.accepted()).hasSize(2);
    }

    private static Database claimed() {
        Database source = Database.postgres();
        source.run(
                "CREATE TABLE events (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text TEXT,"
                        + " claim_token VARCHAR(40), claimed_until TIMESTAMPTZ, settled_at TIMESTAMPTZ)",
                Events.INSERT,
                Events.INSERT,
                Events.INSERT);
        return source;
    }

    private Drover claiming(Database source) {
        return Waiting.LOCK_ON_POSTGRES
                .reading(source, receiver)
                .set("drover.source.consistency", "CLAIM")
                .draining();
    }

    /** One transaction after the other, each open for a second and a half: with another writer there is no gap. */
    private static void overlap(Database source, CountDownLatch begun, AtomicBoolean ended) {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!ended.get()) {
                statement.execute(Events.INSERT);
                begun.countDown();
                Thread.sleep(1500);
                connection.commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A transaction that has inserted a row and stays open. */
    private static Connection writing(Database source) throws SQLException {
        Connection writer = source.open();
        writer.setAutoCommit(false);
        try (Statement statement = writer.createStatement()) {
            statement.execute(Events.INSERT);
        }
        return writer;
    }

    private Pipeline awaitWaiting(String pattern) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(drover.pipelines())
                .anySatisfy(pipeline ->
                        assertThat(pipeline.reading().waitsFor().orElse("")).containsPattern(pattern)));
        return drover.pipelines().get(0);
    }

    private void awaitAccepted(int records) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(receiver.accepted()).hasSizeGreaterThanOrEqualTo(records));
    }
}
