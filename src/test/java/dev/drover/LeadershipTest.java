package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.cli.Main;
import dev.drover.ledger.Cursor;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.store.CheckpointEditor;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.KubernetesApi;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine;

/** Two pods with one store, of which Kubernetes elects the one that reads. */
@Integration
class LeadershipTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LEASE = "drover-orders";

    private final Database database = Database.postgres().orders(1, 1000);
    private final KubernetesApi kubernetes = new KubernetesApi().pods("pod-a", "pod-b");
    private Receiver receiver;
    private Drover first;
    private Drover second;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        first = pod("pod-a");
        second = pod("pod-b");
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        receiver.close();
        kubernetes.close();
    }

    @Test
    void shouldSettleWhatIsInFlightAndSendNothingTwiceWhenAnotherPodIsElected() {
        // Given
        first.start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1000);
        second.start();
        await().atMost(PATIENCE).until(() -> waiting(second));
        receiver.fails(Fault.respond(503));
        database.orders(1001, 3000);
        await().atMost(PATIENCE).until(() -> first.pipeline("orders").ledger().window() > 500);

        // When
        try (Logs logs = new Logs()) {
            kubernetes.give(LEASE, "pod-b");
            await().atMost(PATIENCE).until(() -> logs.says("orders: leads no more"));
            receiver.fails(Fault.none());
        }
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 3000);

        // Then
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(second.pipeline("orders").epoch()).isEqualTo(2);
        assertThat(waiting(first)).isTrue();
    }

    @Test
    void shouldTakeChangedRoutesAtOnceWhenItHasResigned() {
        // Given
        first.watching(Duration.ofHours(1)).start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1000);
        kubernetes.give(LEASE, "pod-b");
        await().atMost(PATIENCE).until(() -> waiting(first));

        // When
        first.rewrite("orders.camel.yaml", "Orders to billing", "Orders to accounting");

        // Then
        await().atMost(PATIENCE).until(() -> Optional.ofNullable(first.context().getRoute("orders"))
                .map(Route::getDescription)
                .filter("Orders to accounting"::equals)
                .isPresent());
        await().atMost(PATIENCE).until(() -> waiting(first));
    }

    @Tag("full")
    @Test
    void shouldGiveUpWhatIsInFlightWhenAnotherPodIsElectedAndTheDestinationIsDown() {
        // Given
        first.start();
        second.start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1000);
        Drover leader = leader();
        Drover other = leader == first ? second : first;
        receiver.fails(Fault.respond(503));
        database.orders(1001, 3000);
        await().atMost(PATIENCE).until(() -> leader.pipeline("orders").ledger().window() > 500);

        // When
        kubernetes.give(LEASE, leader == first ? "pod-b" : "pod-a");
        await().atMost(PATIENCE).until(() -> other.pipelines().size() == 1);
        receiver.fails(Fault.none());

        // Then
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 3000);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(waiting(leader)).isTrue();
    }

    @Test
    void shouldLetTheOtherPodReadWhenTheLeaderHasLostThePipelineForGood() throws Exception {
        // Given
        first.set("drover.lease.duration", 3000).start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1000);
        second.start();

        // When
        new CheckpointEditor(store()).set("orders", new Cursor(List.of("id"), List.of(1000L)));
        await().atMost(PATIENCE).until(() -> first.pipeline("orders").state() == Pipeline.State.HALTED);
        database.orders(1001, 1010);

        // Then
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1010);
        assertThat(kubernetes.holder(LEASE)).isEqualTo("pod-b");
        assertThat(receiver.duplicates()).isEmpty();
    }

    /** The renewal meets a lease that was changed meanwhile, and Camel renews no more (4.18.0). */
    @Tag("full")
    @Test
    void shouldElectAnewWhenTheElectionHasEndedWithoutALeader() {
        // Given
        first.start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1000);

        // When
        try (Logs logs = new Logs()) {
            while (!logs.says("orders: leads no more")) {
                kubernetes.touch(LEASE);
            }
            database.orders(1001, 1010);
            await().atMost(PATIENCE.multipliedBy(2))
                    .until(() -> receiver.accepted().size() == 1010);

            // Then
            assertThat(logs.says("the election begins anew")).isTrue();
        }
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldTakeOverWhenThePodOfTheLeaderIsGone() {
        // Given
        first.start();
        second.start();
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1000);
        Drover leader = leader();

        // When
        leader.stop();
        kubernetes.delete(leader == first ? "pod-a" : "pod-b");
        database.orders(1001, 1010);

        // Then
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 1010);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(kubernetes.holder(LEASE)).isEqualTo(leader == first ? "pod-b" : "pod-a");
    }

    @Test
    void shouldDeliverARangeWithoutAnElectionWhenItIsABackfill(@TempDir Path folder) throws Exception {
        // Given
        RouteFile leader = kubernetes.leader("pod-of-no-deployment");
        Files.writeString(folder.resolve(leader.name()), leader.text());
        Files.copy(Path.of("routes/orders.camel.yaml"), folder.resolve("orders.camel.yaml"));
        Files.writeString(
                folder.resolve("application.properties"),
                """
                drover.source.url = %s
                drover.source.username = %s
                drover.source.consistency = LOCK
                drover.source.promises = keysGrow
                drover.store.url = %s
                drover.store.username = %s
                drover.orders.url = %s
                """
                        .formatted(
                                database.url(),
                                database.username(),
                                database.url(),
                                database.username(),
                                receiver.url()));

        // When
        int exitCode = new CommandLine(new Main())
                .execute("backfill", "orders", "--from", "10", "--to", "20", "--routes", folder.toString());

        // Then
        assertThat(exitCode).isZero();
        assertThat(receiver.accepted()).hasSize(10);
        assertThat(kubernetes.holder(LEASE)).isNull();
    }

    private PGSimpleDataSource store() {
        PGSimpleDataSource store = new PGSimpleDataSource();
        store.setURL(database.url());
        store.setUser(database.username());
        return store;
    }

    private Drover leader() {
        return "pod-a".equals(kubernetes.holder(LEASE)) ? first : second;
    }

    private static boolean waiting(Drover drover) {
        return drover.context()
                .getComponent("pages", PagesComponent.class)
                .waiting()
                .contains("orders");
    }

    private Drover pod(String name) {
        return Drover.reading(database)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .file(kubernetes.leader(name))
                .sendingTo(receiver)
                .sizes(100, 50, 1000);
    }
}
