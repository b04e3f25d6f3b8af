package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.route.Role;
import dev.drover.store.CheckpointEditor;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Route files change while their pipelines run: each row arrives, and none twice. */
@Integration
class ReloadTest {

    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final String ORDERS = "orders.camel.yaml";
    private static final String PARCELS = "parcels.camel.yaml";
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private final Database source = Database.h2();

    @Test
    void shouldDeliverEachRowOnceWhenFilesChangeUnderLoad() {
        // Given
        source.orders(1, 12_000);
        parcels("WHERE id <= 3000");
        try (Logs logs = new Logs();
                Receiver orders = Receiver.start("id");
                Receiver parcels = Receiver.start("id");
                Drover drover = drover(orders, PATIENT).set("parcels.url", parcels.url())) {
            orders.fails(Fault.slow(20, NEVER));
            parcels.fails(Fault.slow(20, NEVER));
            drover.start();

            // When
            drover.rewrite(ORDERS, "Idempotency key", "The same key");
            until(() -> taken(logs) == 1);
            drover.write(filtered(RouteFile.of("routes/orders.camel.yaml"), -1));
            until(() -> taken(logs) == 2);
            drover.write(parcels());
            until(() -> taken(logs) == 3 && parcels.accepted().size() > 100);
            drover.write(filtered(RouteFile.of("routes/orders.camel.yaml"), -2));
            drover.delete(PARCELS);
            until(() -> taken(logs) == 4);
            source.orders(12_001, 14_000);
            drover.write(parcels());
            until(() -> taken(logs) == 5);
            drover.write(withHeader(RouteFile.of("routes/orders.camel.yaml"), "last"));
            until(() -> taken(logs) == 6);
            source.orders(14_001, 14_100);
            until(() -> orders.accepted().size() == 14_100 && parcels.accepted().size() == 3000);
            until(() -> drover.pipelines().stream()
                    .allMatch(pipeline -> pipeline.ledger().window() == 0));

            // Then
            assertThat(orders.duplicates()).isEmpty();
            assertThat(parcels.duplicates()).isEmpty();
            assertThat(logs.warnings()).noneMatch(line -> line.contains("not taken"));
            assertThat(drover.pipeline("orders").checkpoint().orElseThrow()).hasToString("id=14100");
        }
    }

    @Test
    void shouldLeaveOthersAloneWhenOneFileChanges() {
        // Given
        source.orders(1, 50);
        parcels("");
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT)
                        .set("parcels.url", receiver.url())
                        .file(parcels())
                        .start()) {
            Pipeline orders = drover.pipeline("orders");
            Pipeline parcels = drover.pipeline("parcels");

            // When
            drover.write(withHeader(RouteFile.of("routes/orders.camel.yaml"), "new"));
            until(() -> taken(logs) == 1);

            // Then
            assertThat(drover.pipeline("parcels")).isSameAs(parcels);
            assertThat(drover.pipeline("orders")).isNotSameAs(orders);
            assertThat(drover.pipelines()).hasSize(2);
        }
    }

    @Test
    void shouldLeaveOutWhatAnotherRoleRunsWhenItsFileChanges() {
        // Given
        String topic = "kafka-forwarder.camel.yaml";
        source.orders(1, 50);
        parcels("");
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT)
                        .set("drover.kafka.brokers", "127.0.0.1:1")
                        .set("parcels.url", receiver.url())
                        .file(RouteFile.of("routes/examples/" + topic))
                        .role(Role.READER)
                        .start()) {
            Pipeline orders = drover.pipeline("orders");

            // When
            drover.rewrite(topic, "pollTimeoutMs: 1000", "pollTimeoutMs: 500");
            until(() -> taken(logs) == 1);
            Pipeline afterwards = drover.pipeline("orders");
            drover.write(parcels());
            until(() -> taken(logs) == 2);

            // Then
            assertThat(afterwards).isSameAs(orders);
            assertThat(drover.pipelines()).extracting(Pipeline::name).containsExactly("orders", "parcels");
            assertThat(drover.context().getRoute("forward-orders")).isNull();
        }
    }

    @Test
    void shouldRunOnWhenAFileIsBrokenAndTakeItWhenItIsMended() {
        // Given
        source.orders(1, 100);
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT).start()) {
            RouteFile good = RouteFile.of("routes/orders.camel.yaml");
            until(() -> receiver.accepted().size() == 100);

            // When
            drover.write(good.replace("aggregationStrategy: \"#page\"", "stopOnExceptions: true"));
            until(() -> logs.says("the old ones continue"));
            source.orders(101, 200);
            until(() -> receiver.accepted().size() == 200);
            drover.write(withHeader(good, "mended"));
            until(() -> taken(logs) == 1);
            source.orders(201, 300);
            until(() -> receiver.accepted().size() == 300);

            // Then
            assertThat(logs.warnings())
                    .contains(drover.folder().resolve(ORDERS)
                            + ":31: stopOnExceptions: is not known in split; did you mean stopOnException")
                    .filteredOn(line -> line.contains("the old ones continue"))
                    .hasSize(1);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(versions(receiver)).containsExactlyInAnyOrder("", "mended");
        }
    }

    @Test
    void shouldRefuseTheFileWhenItsTableIsNotThatOfTheCheckpoint() {
        // Given
        source.orders(1, 100);
        parcels("");
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT).start()) {
            until(() -> receiver.accepted().size() == 100);
            drover.awaitSettled();

            // When
            drover.rewrite(ORDERS, "FROM orders WHERE", "FROM parcels WHERE");
            until(() -> logs.says("the old ones continue"));

            // Then
            assertThat(logs.warnings())
                    .anyMatch(line -> line.contains(ORDERS + ":")
                            && line.contains("was written for table orders, but the pipeline reads table parcels"));
            assertThat(taken(logs)).isZero();
        }
    }

    @Test
    void shouldGiveThePipelineBackWhenItsFileIsDeleted() {
        // Given
        source.orders(1, 100);
        parcels("");
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT)
                        .set("parcels.url", receiver.url())
                        .file(parcels())
                        .start()) {
            drover.awaitSettled();

            // When
            drover.delete(PARCELS);
            until(() -> taken(logs) == 1);

            // Then
            assertThat(new CheckpointEditor(drover.pool("store")).all())
                    .filteredOn(stored -> stored.owner() != null)
                    .extracting(CheckpointEditor.Stored::pipeline)
                    .containsExactly("orders");
            assertThat(drover.pipelines()).extracting(Pipeline::name).containsExactly("orders");
            assertThat(drover.context().getRoute("deliver-parcels")).isNull();
        }
    }

    @Test
    void shouldWaitWhenABatchCanNotBeDeliveredAndRepeatNothing() {
        // Given
        source.orders(1, 2000);
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT)) {
            receiver.fails(Fault.rejectRecords(503, 1));
            drover.start();
            until(() -> receiver.accepted().size() == 950); // all of the window but the first batch

            // When
            drover.write(withHeader(RouteFile.of("routes/orders.camel.yaml"), "new"));
            until(() -> logs.says("wait for the records in flight to settle"));
            long attempts = receiver.requests().size();
            until(() -> receiver.requests().size() > attempts);
            receiver.fails(Fault.none());
            until(() -> taken(logs) == 1 && receiver.accepted().size() == 2000);

            // Then
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(versions(receiver)).containsExactlyInAnyOrder("", "new");
        }
    }

    @Test
    void shouldReadOnWhenTheChangeIsTakenBackWhileItWaits() {
        // Given
        source.orders(1, 2000);
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT)) {
            receiver.fails(Fault.rejectRecords(503, 1));
            drover.start();
            until(() -> receiver.accepted().size() == 950);

            // When
            drover.write(withHeader(RouteFile.of("routes/orders.camel.yaml"), "new"));
            until(() -> logs.says("wait for the records in flight to settle"));
            drover.write(RouteFile.of("routes/orders.camel.yaml"));
            receiver.fails(Fault.none());
            until(() -> receiver.accepted().size() == 2000);

            // Then
            assertThat(receiver.duplicates()).isEmpty();
        }
    }

    @Test
    void shouldDeliverByTheNewRouteWhenTheOldOneNeverCan() {
        // Given
        source.orders(1, 300);
        try (Logs logs = new Logs();
                Receiver wrong = Receiver.start("id");
                Receiver right = Receiver.start("id");
                Drover drover = drover(wrong, Duration.ofSeconds(1))) {
            wrong.fails(Fault.respond(404));
            drover.start();
            until(() -> !wrong.requests().isEmpty());

            // When
            drover.rewrite(ORDERS, "{{drover.orders.url}}", right.url());
            until(() -> right.accepted().size() == 300);

            // Then
            assertThat(logs.warnings()).anyMatch(line -> line.contains("not settled after 1 s"));
            assertThat(right.duplicates()).isEmpty();
            assertThat(taken(logs)).isEqualTo(1);
        }
    }

    @Test
    void shouldRunOnWhenTheNewRoutesCanNotBeStarted() {
        // Given
        source.orders(1, 100);
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT).start()) {
            until(() -> receiver.accepted().size() == 100);
            RouteFile changed = withHeader(RouteFile.of("routes/orders.camel.yaml"), "new");

            // When
            drover.write(new RouteFile(
                    ORDERS,
                    changed.text() + "- route:\n    id: second\n    from:\n      uri: direct:deliver-orders\n"
                            + "      steps:\n        - log: second\n"));
            until(() -> logs.says("the old ones continue"));
            source.orders(101, 200);
            until(() -> receiver.accepted().size() == 200);
            drover.write(changed);
            until(() -> taken(logs) == 1);
            source.orders(201, 300);
            until(() -> receiver.accepted().size() == 300);

            // Then
            assertThat(logs.warnings()).anyMatch(line -> line.contains("cannot be started: "));
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(versions(receiver)).containsExactlyInAnyOrder("", "new");
            assertThat(drover.context().getRoute("second")).isNull();
        }
    }

    @Test
    void shouldTakeSharedClausesWhenTheyChange() {
        // Given
        source.orders(1, 100);
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT).start()) {
            until(() -> receiver.accepted().size() == 100);
            receiver.fails(Fault.rejectRecords(409, 150));

            // When
            drover.rewrite("route-configuration.camel.yaml", "'400,413,415,422'", "'400,409,413,415,422'");
            until(() -> taken(logs) == 1);
            source.orders(101, 200);
            until(() -> receiver.accepted().size() == 199);

            // Then
            until(() ->
                    source.column("SELECT record_key FROM drover_dead_letter").equals(List.of("id=150")));
            assertThat(receiver.duplicates()).isEmpty();
        }
    }

    @Test
    void shouldAskForARestartWhenABeanInUseChanges() {
        // Given
        source.orders(1, 10);
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT).start()) {

            // When
            drover.rewrite("beans.camel.yaml", "name: records", "name: rows");
            until(() -> logs.says("the old ones continue"));
            drover.rewrite("beans.camel.yaml", "name: rows", "name: records");
            until(() -> logs.says("matches the running routes again"));

            // Then
            assertThat(logs.warnings())
                    .anyMatch(line -> line.startsWith(drover.folder().resolve("beans.camel.yaml") + ":")
                            && line.endsWith(": envelope: the bean has changed, which needs a restart"));
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenFilesChange() {
        changes(2);
    }

    @Test
    @Tag("full")
    void shouldLeaveNothingBehindWhenFilesChangeManyTimes() {
        changes(13);
    }

    @Test
    void shouldDeliverEachRowOnceWhenAPipelineOfKameletsChanges() {
        // Given
        source.orders(1, 4000);
        RouteFile shortForm = RouteFile.of("routes/examples/short.camel.yaml")
                .replace("table: orders", "table: orders\n        consistency: SESSIONS");
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(source)
                        .sendingTo(receiver)
                        .file(shortForm)
                        .watching(PATIENT)) {
            receiver.fails(Fault.slow(20, NEVER));
            drover.start();
            until(() -> receiver.accepted().size() > 100);

            // When
            for (int round = 1; round <= 3; round++) {
                int taken = round;
                drover.write(shortForm.replace("> 0", "> -" + round));
                until(() -> taken(logs) == taken);
            }
            source.orders(4001, 4100);
            until(() -> receiver.accepted().size() == 4100);
            List<String> routes = drover.context().getRoutes().stream()
                    .map(Route::getId)
                    .filter(id -> id.contains("short"))
                    .toList();
            assertThat(receiver.duplicates()).isEmpty();
            drover.write(shortForm.replace("id: short", "id: other"));
            until(() -> taken(logs) == 4);

            // Then
            assertThat(routes)
                    .containsExactlyInAnyOrder(
                            "short", "short-drover-follow-source", "short-drover-http-sink", "deliver-short");
            assertThat(drover.pipelines()).extracting(Pipeline::name).containsExactly("other");
            assertThat(drover.context().getRoutes()).extracting(Route::getId).noneMatch(id -> id.contains("short"));
        }
    }

    private void changes(int rounds) {
        // Given
        source.orders(1, 100);
        parcels("");
        try (Logs logs = new Logs();
                Receiver receiver = Receiver.start("id");
                Drover drover = drover(receiver, PATIENT)
                        .set("parcels.url", receiver.url())
                        .start()) {
            change(drover, logs, 0);
            List<String> before = left(drover);

            // When
            for (int i = 1; i < rounds; i++) {
                change(drover, logs, i);
            }

            // Then
            await().atMost(PATIENT).untilAsserted(() -> assertThat(left(drover)).isEqualTo(before));
        }
    }

    /** Four exchanges: a changed step, another file, that under another name, and without it. */
    private void change(Drover drover, Logs logs, int round) {
        drover.write(withHeader(RouteFile.of("routes/orders.camel.yaml"), "round" + round));
        until(() -> taken(logs) == 4 * round + 1);
        drover.write(parcels());
        until(() -> taken(logs) == 4 * round + 2);
        drover.rewrite(PARCELS, "name: parcels", "name: letters" + round);
        until(() -> taken(logs) == 4 * round + 3);
        drover.delete(PARCELS);
        until(() -> taken(logs) == 4 * round + 4);
    }

    /** What there is of everything that a route brings with it. */
    private static List<String> left(Drover drover) {
        CamelContext context = drover.context();
        Set<String> threads = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("pages-") || name.contains("delivery") || name.contains("Aggregat"))
                .map(name -> name.replaceAll("#\\d+", "#"))
                .collect(Collectors.toSet());
        return List.of(
                "threads " + threads,
                "routes " + context.getRoutesSize(),
                "endpoints " + context.getEndpoints().size(),
                "pipelines "
                        + context.getComponent("pages", PagesComponent.class)
                                .pipelines()
                                .size(),
                "pools "
                        + Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().contains("housekeeper"))
                                .count(),
                "connections " + drover.pool("source").getHikariPoolMXBean().getActiveConnections());
    }

    private void parcels(String which) {
        source.run(
                "CREATE TABLE parcels AS SELECT * FROM orders " + which,
                "ALTER TABLE parcels ALTER COLUMN id SET NOT NULL",
                "ALTER TABLE parcels ADD PRIMARY KEY (id)");
    }

    private Drover drover(Receiver receiver, Duration patience) {
        return Drover.reading(source)
                .sendingTo(receiver)
                .sizes(100, 50, 1000)
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .watching(patience);
    }

    /** A filter that lets every record pass, another one for each number. */
    private static RouteFile filtered(RouteFile file, int above) {
        String text = file.text();
        int begin = text.indexOf("              - aggregate:");
        int end = text.indexOf("- route:", begin);
        String aggregate =
                text.substring(begin, end).replaceAll("(?m)^", "      ").stripTrailing() + "\n";
        return new RouteFile(
                file.name(),
                text.substring(0, begin)
                        + "              - filter:\n"
                        + "                  id: filter-orders\n"
                        + "                  simple:\n"
                        + "                    expression: \"${body[id]} > " + above + "\"\n"
                        + "                  steps:\n" + aggregate + text.substring(end));
    }

    private static RouteFile withHeader(RouteFile file, String version) {
        return file.before(
                "- marshal:",
                "- setHeader:",
                "    id: version",
                "    name: X-Version",
                "    constant:",
                "      expression: " + version);
    }

    private static RouteFile parcels() {
        String table = RouteFile.of("routes/examples/orders-table.camel.yaml").text();
        return new RouteFile(
                PARCELS,
                table.replaceAll("(?m)^( +id: )(?!orders|deliver)", "$1parcels-")
                        .replace("orders-table", "parcels")
                        .replace("table: orders", "table: parcels")
                        .replace("{{drover.orders.url}}", "{{parcels.url}}"));
    }

    private static Set<String> versions(Receiver receiver) {
        return receiver.acceptedRequests()
                .map(request -> request.header("x-version").orElse(""))
                .collect(Collectors.toSet());
    }

    private static long taken(Logs logs) {
        return logs.count("the changed routes are running");
    }

    private static void until(BooleanSupplier reached) {
        await().atMost(PATIENT).until(reached::getAsBoolean);
    }
}
