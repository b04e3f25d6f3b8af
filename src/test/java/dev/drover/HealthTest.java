package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.ledger.Cursor;
import dev.drover.store.CheckpointEditor;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.TcpProxy;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Readiness says within ten seconds of each stall that nothing is delivered, and why; and that it is again after it. */
@Integration
class HealthTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Database database = Database.postgres().orders(1, 1000);
    private final TcpProxy toStore = TcpProxy.to(database.port());
    private final ManagementPort port = new ManagementPort();
    private Receiver receiver;
    private Drover drover;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        drover = port.of(drover());
    }

    @AfterEach
    void stop() {
        drover.close();
        toStore.close();
        receiver.close();
    }

    @Test
    void shouldBeReadyWhenEverythingIsDelivered() {
        // When
        drover.start();
        drover.awaitSettled();

        // Then
        await().atMost(PATIENCE).until(this::isReady);
        assertThat(port.get("/observe/health/ready?exposureLevel=full").body())
                .contains("pipeline-orders", "store")
                .doesNotContain("DOWN");
        assertThat(port.get("/observe/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    @Tag("full")
    void shouldNotBeReadyWhileTheDestinationDoesNotAnswer() {
        // Given
        drover.start();
        drover.awaitSettled();
        CountDownLatch opened = new CountDownLatch(1);

        // When
        receiver.fails(Fault.slow(60_000, opened));
        database.orders(1001, 1100);

        // Then
        awaitTrouble("nothing was settled for");
        opened.countDown();
        await().atMost(PATIENCE).until(this::isReady);
    }

    @Test
    @Tag("full")
    void shouldNotBeReadyWhileTheStoreIsReadOnlyAndNothingIsToBeDelivered() {
        // Given
        drover.start();
        drover.awaitSettled();

        // When
        database.run("ALTER TABLE drover_status RENAME TO gone");

        // Then
        awaitTrouble("the store cannot be written");
        database.run("ALTER TABLE gone RENAME TO drover_status");
        await().atMost(PATIENCE).until(this::isReady);
    }

    @Test
    @Tag("full")
    void shouldNotBeReadyWhileTheStoreDoesNotAnswer() {
        // Given
        drover.set("drover.store.url", database.through(toStore).url()).start();
        drover.awaitSettled();

        // When
        toStore.blackHole();

        // Then
        awaitTrouble("the store has not answered for");
        toStore.restore();
        await().atMost(PATIENCE).until(this::isReady);
    }

    @Test
    @Tag("full")
    void shouldNotBeReadyWhileTheStoreIsStopped() {
        // Given
        drover.set("drover.store.url", database.through(toStore).url()).start();
        drover.awaitSettled();

        // When
        toStore.cut();

        // Then
        awaitTrouble("store");
        toStore.restore();
        await().atMost(PATIENCE).until(this::isReady);
    }

    @Test
    @Tag("full")
    void shouldNotBeReadyWhenAnotherHandHasTakenThePipeline() {
        // Given
        drover.start();
        drover.awaitSettled();

        // When
        new CheckpointEditor(drover.pool("store")).set("orders", new Cursor(List.of("id"), List.of(0L)));

        // Then
        awaitTrouble("no longer owned by 1: owner 2 has taken it over");
    }

    @Test
    void shouldBeReadyWhenItStandsByForTheProcessThatOwnsThePipeline() {
        // Given
        ManagementPort ofStandby = new ManagementPort();
        drover.start();
        drover.awaitSettled();

        // When
        try (Drover standby = ofStandby.of(drover()).start()) {

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(ofStandby
                            .get("/observe/health/ready?exposureLevel=full")
                            .body())
                    .contains("stands by for the process that owns it"));
            assertThat(ofStandby.get("/observe/health/ready").statusCode()).isEqualTo(200);
            assertThat(standby.pipelines()).isEmpty();
        }
    }

    private Drover drover() {
        return Drover.reading(database)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sendingTo(receiver)
                .sizes(100, 50, 1000);
    }

    private boolean isReady() {
        return port.get("/observe/health/ready").statusCode() == 200;
    }

    private void awaitTrouble(String... words) {
        await().atMost(SOON).untilAsserted(() -> {
            HttpResponse<String> ready = port.get("/observe/health/ready");
            assertThat(ready.body()).contains(words);
            assertThat(ready.statusCode()).isEqualTo(503);
        });
        assertThat(port.get("/observe/health/live").statusCode()).isEqualTo(200);
    }
}
