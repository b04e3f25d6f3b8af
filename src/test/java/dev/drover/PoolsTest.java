package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.database.DatabasePool;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody else has all connections, and who needs one does not keep it while he waits for others. */
@Integration
class PoolsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 2000;
    private static final int WINDOW = 1000;

    private final Database database = Database.postgres().orders(1, ROWS);
    private final Receiver receiver = Receiver.start("id");
    private final Verdict verdict = new Verdict(database, receiver);
    private Drover drover;

    @BeforeEach
    void start() {
        drover = Drover.reading(database)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sendingTo(receiver)
                .sizes(100, 50, WINDOW);
    }

    /** A source that answers only after a signal. */
    public static final class SilentSource extends DatabasePool {

        private static final CountDownLatch ASKED = new CountDownLatch(1);
        private static final CountDownLatch ANSWERS = new CountDownLatch(1);

        @Override
        public Connection getConnection() throws SQLException {
            try {
                ASKED.countDown();
                ANSWERS.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return super.getConnection();
        }
    }

    @AfterEach
    void stop() {
        drover.close();
        verdict.close();
        receiver.close();
    }

    @Test
    void shouldCloseItsPoolsWhenItStops() {
        // Given
        startAndAwaitAccepted(ROWS);
        List<HikariDataSource> pools = List.of(drover.pool("source"), drover.pool("store"));
        assertThat(pools).noneMatch(HikariDataSource::isClosed);

        // When
        drover.stop();

        // Then
        assertThat(pools).allMatch(HikariDataSource::isClosed);
    }

    @Test
    void shouldReadOnWhenTheSourceHasAConnectionAgain() throws SQLException {
        // Given
        startAndAwaitAccepted(ROWS);
        List<Connection> all = takeAll(drover.pool("source"));

        // When
        try (Logs logs = new Logs()) {
            database.orders(ROWS + 1, 2 * ROWS);
            await().atMost(PATIENCE).until(() -> logs.says("a page could not be read"));
        }
        giveBack(all);
        awaitAccepted(2 * ROWS);
        drover.awaitSettled();

        // Then
        verdict.assertEachOnce(drover);
    }

    @Test
    void shouldDeliverUpToTheWindowUntilTheStoreHasAConnectionAgain() throws SQLException {
        // Given
        startAndAwaitAccepted(ROWS);
        drover.awaitSettled();
        List<Connection> all = takeAll(drover.pool("store"));

        // When
        int meanwhile;
        try (Logs logs = new Logs()) {
            database.orders(ROWS + 1, 2 * ROWS);
            awaitAccepted(ROWS + WINDOW);
            await().atMost(PATIENCE).until(() -> logs.says("the checkpoint could not be written, tried again"));
            meanwhile = receiver.accepted().size();
        }
        giveBack(all);
        awaitAccepted(2 * ROWS);
        drover.awaitSettled();

        // Then
        assertThat(meanwhile).isEqualTo(ROWS + WINDOW);
        verdict.assertEachOnce(drover);
    }

    @Test
    void shouldHoldNoConnectionWhenItWaitsForTheDestination() {
        // Given
        CountDownLatch arrived = new CountDownLatch(4);
        CountDownLatch opened = new CountDownLatch(1);
        Fault slow = Fault.slow(PATIENCE.toMillis(), opened);
        receiver.fails(request -> {
            arrived.countDown();
            return slow.answer(request);
        });

        // When
        drover.start();

        // Then
        await().atMost(PATIENCE).until(() -> arrived.getCount() == 0);
        for (String pool : List.of("source", "store")) {
            await().atMost(PATIENCE)
                    .until(() -> drover.pool(pool).getHikariPoolMXBean().getActiveConnections() == 0);
        }
        opened.countDown();
        awaitAccepted(ROWS);
        drover.awaitSettled();
        verdict.assertEachOnce(drover);
    }

    @Test
    void shouldReadNoPageWhenItIsStoppedWhileTheSourceDoesNotAnswer() throws InterruptedException {
        // Given
        drover.edit(
                        "beans.camel.yaml",
                        "- name: source\n      type: dev.drover.database.DatabasePool",
                        "- name: source\n      type: " + SilentSource.class.getName())
                .sizes(100, 150, WINDOW)
                .start();
        SilentSource.ASKED.await();
        Pipeline pipeline = drover.pipelines().get(0);

        // When
        Thread stopping = new Thread(drover::stop);
        stopping.start();
        await().atMost(PATIENCE).until(() -> pipeline.state() == Pipeline.State.STOPPED);
        SilentSource.ANSWERS.countDown();
        stopping.join();

        // Then
        assertThat(pipeline.tally().rows()).isZero();
        assertThat(receiver.requests()).isEmpty();
    }

    private void startAndAwaitAccepted(int records) {
        drover.start();
        awaitAccepted(records);
    }

    /** Takes each connection, so that a caller soon learns that there is none. */
    private static List<Connection> takeAll(HikariDataSource pool) throws SQLException {
        pool.setConnectionTimeout(1000);
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
            all.add(pool.getConnection());
        }
        return all;
    }

    private static void giveBack(List<Connection> all) throws SQLException {
        for (Connection connection : all) {
            connection.close();
        }
    }

    private void awaitAccepted(int records) {
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= records);
    }
}
