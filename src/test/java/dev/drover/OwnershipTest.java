package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.ledger.Cursor;
import dev.drover.pages.Pipeline;
import dev.drover.store.CheckpointEditor;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What an owner may do, and what it does when it is none any more. */
@Integration
class OwnershipTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Database database = Database.postgres().orders(1, 1000);
    private Receiver receiver;
    private Drover first;
    private Drover second;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        first = drover();
        second = drover();
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        receiver.close();
    }

    @Test
    void shouldTakeOverAtOnceWhenTheOwnerStops() {
        // Given
        first.set("drover.lease.duration", 3_600_000).start();
        second.start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1000);

        // When
        first.stop();
        database.orders(1001, 1010);

        // Then
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1010);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(second.pipeline("orders").epoch()).isEqualTo(2);
    }

    @Test
    void shouldBeginWithoutWaitingForItselfWhenItIsStartedAgain() {
        // Given
        first.set("drover.lease.duration", 3_600_000).draining();
        first.run();

        // When
        first.run();

        // Then
        assertThat(receiver.accepted()).hasSize(1000);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldGiveUpWhatIsInFlightWhenAnotherHandHasTakenThePipeline() throws Exception {
        // Given
        receiver.fails(Fault.respond(503));
        first.set("drover.lease.duration", 3000).start();
        await().atMost(PATIENCE).until(() -> receiver.requests().size() > 4);
        Pipeline pipeline = first.pipeline("orders");

        // When
        new CheckpointEditor(store()).set("orders", new Cursor(List.of("id"), List.of(0L)));
        await().atMost(PATIENCE).until(() -> pipeline.state() == Pipeline.State.HALTED);
        receiver.fails(Fault.none());
        await().atMost(PATIENCE).until(() -> pipeline.ledger().deliveries().isEmpty());

        // Then
        assertThat(pipeline.ledger().halted())
                .contains("pipeline orders is no longer owned by 1: owner 2 has taken it over");
        assertThat(receiver.accepted()).isEmpty();
    }

    @Test
    void shouldSendNothingWhileTheLeaseCanNotBeRenewedAndGoOnWhenItCan() throws Exception {
        // Given
        receiver.fails(Fault.respond(503));
        try (Logs logs = new Logs();
                Connection blocker = DriverManager.getConnection(database.url(), database.username(), "");
                Statement statement = blocker.createStatement()) {
            first.set("drover.lease.duration", 2000).start();
            await().atMost(PATIENCE).until(() -> receiver.requests().size() > 4);
            blocker.setAutoCommit(false);
            statement.execute("UPDATE drover_checkpoint SET settled = settled");
            await().atMost(PATIENCE).until(() -> logs.says("its lease has ended, nothing is sent"));

            // When
            receiver.fails(Fault.none());
            TimeUnit.SECONDS.sleep(3);
            int meanwhile = receiver.accepted().size();
            blocker.rollback();
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1000);

            // Then
            assertThat(meanwhile).isZero();
            assertThat(logs.says("its lease is renewed, it goes on")).isTrue();
            assertThat(first.pipeline("orders").ledger().halted()).isEmpty();
            assertThat(first.pipeline("orders").epoch()).isEqualTo(1);
            assertThat(receiver.duplicates()).isEmpty();
        }
    }

    private Drover drover() {
        return Drover.reading(database)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sendingTo(receiver)
                .sizes(100, 50, 1000);
    }

    private PGSimpleDataSource store() {
        PGSimpleDataSource store = new PGSimpleDataSource();
        store.setURL(database.url());
        store.setUser(database.username());
        return store;
    }
}
