package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.PgBouncer;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Source and store behind PgBouncer, which gives a session to each transaction and none to a client. */
@Integration
class PgBouncerTest {

    private static final int ROWS = 3000;
    private static final int TABLE_IDS = 100_000;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHORT")
    void shouldDeliverEachOnceWhenTransactionsShareSessions(PipelineForm form) {
        assumeThat(PgBouncer.isInstalled() || System.getenv("CI") != null)
                .as("PgBouncer is not installed")
                .isTrue();

        // Given
        Database database = Database.postgres().orders(1, ROWS);
        try (Receiver receiver = Receiver.start("id");
                Verdict verdict = new Verdict(database, receiver);
                PgBouncer bouncer = PgBouncer.inFrontOf(database);
                Drover drover = Drover.reading(database.at(bouncer.port(), ""))
                        .file(form.file())
                        .sendingTo(receiver)
                        .sizes(50, 50, 500)) {
            receiver.fails(Fault.rejectRecords(422, 7));

            // When
            drover.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> receiver.accepted().size() == ROWS - 1);
            database.orders(ROWS + 1, 2 * ROWS);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> receiver.accepted().size() == 2 * ROWS - 1);
            drover.awaitSettled();

            // Then
            verdict.assertEachOnce(drover);
        }
    }

    @Test
    void shouldDeliverEachOnceWhenRowsAreClaimed() {
        assumeThat(PgBouncer.isInstalled() || System.getenv("CI") != null)
                .as("PgBouncer is not installed")
                .isTrue();

        // Given
        Database database = Database.postgres().orders(1, 300);
        database.run(
                "ALTER TABLE orders ADD claim_token VARCHAR(40), ADD claimed_until timestamptz, ADD settled_at timestamptz");
        try (Receiver receiver = Receiver.start("id");
                PgBouncer bouncer = PgBouncer.inFrontOf(database);
                Drover drover = Drover.reading(database.at(bouncer.port(), ""))
                        .file(PipelineForm.TABLE.file())
                        .sendingTo(receiver)
                        .set("drover.source.consistency", "CLAIM")
                        .sizes(20, 20, 100)) {

            // When
            drover.draining().run();

            // Then
            assertThat(receiver.accepted()).hasSize(300);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(database.column("SELECT count(*) FROM orders WHERE settled_at IS NULL"))
                    .containsExactly("0");
        }
    }

    /** The statements of four pipelines differ in the table alone, and meet on two sessions. */
    @ParameterizedTest
    @ValueSource(strings = {"", "?prepareThreshold=0", "?prepareThreshold=1"})
    void shouldDeliverTheRowsOfEachTableToItsOwnServiceWhenPipelinesShareSessions(String settings) throws Exception {
        assumeThat(PgBouncer.isInstalled() || System.getenv("CI") != null)
                .as("PgBouncer is not installed")
                .isTrue();

        // Given
        Database database = Database.postgres().orders(1, 1000);
        List<Receiver> services = new ArrayList<>();
        try (PgBouncer bouncer = PgBouncer.inFrontOf(database);
                Drover drover =
                        Drover.reading(database.at(bouncer.port(), settings)).sizes(5, 5, 200)) {
            for (int table = 1; table <= 4; table++) {
                Receiver service = Receiver.start("id");
                services.add(service);
                database.run(
                        "CREATE TABLE parcels_" + table + " AS SELECT id + " + table * TABLE_IDS
                                + " AS id, customer FROM orders",
                        "ALTER TABLE parcels_" + table + " ADD PRIMARY KEY (id)");
                drover.file(parcels(table)).set("parcels" + table + ".url", service.url());
            }

            // When
            drover.draining().run();

            // Then
            for (int table = 1; table <= 4; table++) {
                Receiver service = services.get(table - 1);
                int first = table * TABLE_IDS + 1;
                assertThat(service.accepted().keySet())
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(first, first + 1000)
                                .mapToObj(String::valueOf)
                                .toList());
                assertThat(service.duplicates()).isEmpty();
            }
        } finally {
            services.forEach(Receiver::close);
        }
    }

    private static RouteFile parcels(int table) {
        String route = RouteFile.of("routes/examples/orders-table.camel.yaml").text();
        return new RouteFile(
                "parcels-" + table + ".camel.yaml",
                route.replaceAll("(?m)^( +id: )", "$1parcels" + table + "-")
                        .replace("deliver-orders-table", "deliver-parcels-" + table)
                        .replace("orders-table", "parcels-" + table)
                        .replace("table: orders", "table: parcels_" + table)
                        .replace("{{drover.orders.url}}", "{{parcels" + table + ".url}}"));
    }
}
