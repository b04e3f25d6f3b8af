package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One pipeline claims orders, another one with a lease reads parcels, and what blocks the one lets the other go on. */
@Integration
class IsolationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LEASE_MILLIS = 2000;

    private final Database database = tables();
    private final Receiver orders = Receiver.start("id");
    private final Receiver parcels = Receiver.start("id");
    private final Drover drover = Drover.reading(database)
            .sizes(50, 50, 1000)
            .set("drover.lease.duration", LEASE_MILLIS)
            .set("drover.source.timeout", 600_000)
            .file(route("orders", "CLAIM").replace("key: id", "key: id\n        claimLease: " + LEASE_MILLIS))
            .file(route("parcels", "STATIC"));

    private static Database tables() {
        Database database = Database.postgres().orders(1, 1000);
        database.run(
                "CREATE TABLE parcels AS SELECT * FROM orders",
                "ALTER TABLE parcels ADD PRIMARY KEY (id)",
                "ALTER TABLE orders ADD COLUMN claim_token VARCHAR(40),"
                        + " ADD COLUMN claimed_until TIMESTAMP WITH TIME ZONE,"
                        + " ADD COLUMN settled_at TIMESTAMP WITH TIME ZONE");
        return database;
    }

    @AfterEach
    void stop() {
        drover.close();
        orders.close();
        parcels.close();
    }

    @Test
    void shouldKeepItsLeaseAndDeliverWhenTheClaimTableOfAnotherPipelineIsLocked() throws Exception {
        // Given
        orders.fails(Fault.respond(503));
        try (Logs logs = new Logs();
                Connection blocker = database.open();
                Statement statement = blocker.createStatement()) {
            drover.set("orders.url", orders.url())
                    .set("parcels.url", parcels.url())
                    .start();
            await().atMost(PATIENCE).until(() -> parcels.accepted().size() == 1000);

            // When
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
            awaitBlocked();
            Thread.sleep(2 * LEASE_MILLIS);
            database.run("INSERT INTO parcels SELECT id + 1000, customer, product, quantity, amount, ordered_at"
                    + " FROM parcels WHERE id <= 10");

            // Then
            await().atMost(PATIENCE).until(() -> parcels.accepted().size() == 1010);
            assertThat(logs.says("its lease has ended")).isFalse();
        }
    }

    @Test
    void shouldFindOutWhetherTheAddressIsBackWhenTheLeaseOfAnotherPipelineHasEnded() throws Exception {
        // Given
        orders.fails(Fault.respond(503));
        try (Logs logs = new Logs();
                Connection blocker = database.open();
                Statement statement = blocker.createStatement()) {
            drover.set("orders.url", orders.url())
                    .set("parcels.url", orders.url())
                    .start();
            await().atMost(PATIENCE).until(() -> orders.requests().size() > 10);

            // When
            blocker.setAutoCommit(false);
            statement.execute("UPDATE drover_checkpoint SET settled = settled");
            await().atMost(PATIENCE).until(() -> logs.says("its lease has ended"));
            Thread.sleep(LEASE_MILLIS);
            orders.fails(Fault.none());

            // Then
            await().atMost(PATIENCE)
                    .until(() -> database.number("SELECT COUNT(*) FROM orders WHERE settled_at IS NOT NULL")
                                    .intValueExact()
                            == 1000);
        }
    }

    private void awaitBlocked() throws SQLException {
        await().atMost(PATIENCE)
                .until(() -> database.number(
                                        "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass")
                                .signum()
                        > 0);
    }

    private static RouteFile route(String name, String consistency) {
        return new RouteFile(
                name + ".camel.yaml",
                RouteFile.of("routes/examples/orders-table.camel.yaml")
                        .text()
                        .replaceAll("(?m)^( +id: )", "$1" + name + "-")
                        .replace("orders-table", name)
                        .replace("table: orders", "table: " + name)
                        .replace("{{drover.source.consistency}}", consistency)
                        .replace("{{drover.orders.url}}", "{{" + name + ".url}}"));
    }
}
