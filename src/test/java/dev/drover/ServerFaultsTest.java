package dev.drover;

import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.OwnPostgres;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.TcpProxy;
import dev.drover.testing.Verdict;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database server of source and store crashes in the middle of the work. */
@Integration
class ServerFaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 20_000;

    private final Receiver receiver = Receiver.start("id");
    private OwnPostgres server;

    @BeforeEach
    void start() {
        server = OwnPostgres.start();
        server.database().orders(1, ROWS);
        receiver.fails(Fault.slow(20, new CountDownLatch(1)));
    }

    @AfterEach
    void stop() {
        server.close();
        receiver.close();
    }

    @Test
    void shouldDeliverEachOnceWhenTheServerCrashesAndStartsAgain() {
        // Given
        Database database = server.database();
        try (Verdict verdict = new Verdict(database, receiver);
                Drover drover = drover(database).start()) {
            for (int crash = 1; crash <= 3; crash++) {
                awaitAccepted(crash * 4000);

                // When
                server.crash();
                server.startAgain();
            }
            awaitAccepted(ROWS);
            drover.awaitSettled();

            // Then
            verdict.assertEachOnce(drover);
        }
    }

    @Test
    void shouldDeliverEachOnceWhenTheStandbyTakesOver() {
        // Given
        try (OwnPostgres standby = server.standby();
                TcpProxy address = TcpProxy.to(server.port());
                Verdict verdict = new Verdict(standby.database(), receiver);
                Drover drover = drover(server.database().through(address)).start()) {
            awaitAccepted(4000);

            // When
            server.crash();
            standby.promote();
            address.switchTo(standby.port());
            standby.database().orders(ROWS + 1, ROWS + 1000);
            awaitAccepted(ROWS + 1000);
            drover.awaitSettled();

            // Then
            verdict.assertEachOnce(drover);
        }
    }

    private Drover drover(Database database) {
        return Drover.reading(database)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sendingTo(receiver)
                .sizes(500, 100, 2000);
    }

    private void awaitAccepted(int records) {
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= records);
    }
}
