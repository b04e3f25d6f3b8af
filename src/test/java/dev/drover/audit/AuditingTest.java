package dev.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.ledger.Ledger;
import dev.drover.store.Receipts;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@Integration
class AuditingTest {

    @Test
    void shouldTryAFailedAuditOnceAnHourWhenItIsDue() throws SQLException {
        // Given
        Database source = Database.h2().orders(1, 100);
        try (Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(source)
                        .file(RouteFile.of("routes/examples/orders-table.camel.yaml"))
                        .sendingTo(receiver);
                Logs logs = new Logs()) {
            drover.start();
            drover.awaitSettled();
            DataSource store = drover.pool("store");
            age(store, Duration.ofMinutes(2));
            source.run("DROP TABLE orders");
            Auditing auditing = drover.context().getRegistry().lookupByNameAndType("audit", Auditing.class);

            // When
            auditing.auditAll(drover.context(), new Receipts(store), pipeline -> false);
            auditing.auditAll(drover.context(), new Receipts(store), pipeline -> false);

            // Then
            assertThat(logs.count("cannot be audited now")).isEqualTo(1);
        }
    }

    @Test
    void shouldDeliverWhatWasMissedWhenItIsToRepairAndSayWhatItDidUntilTheNextAudit() throws SQLException {
        // Given
        Database source = Database.h2().orders(1, 6).orders(9, 100);
        try (Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(source)
                        .file(RouteFile.of("routes/examples/orders-table.camel.yaml"))
                        .set("drover.source.consistency", "STATIC")
                        .set("drover.audit.repair", "true")
                        .sendingTo(receiver)) {
            drover.start();
            drover.awaitSettled();
            DataSource store = drover.pool("store");
            age(store, Duration.ofMinutes(2));
            source.orders(7, 8);
            Auditing auditing = drover.context().getRegistry().lookupByNameAndType("audit", Auditing.class);
            Ledger ledger = drover.pipeline("orders-table").ledger();

            // When
            auditing.auditAll(
                    drover.context(),
                    new Receipts(store),
                    pipeline -> drover.reread(false).delivered() == 2);
            String alarm = ledger.faults().alarm().orElse("");
            source.run("UPDATE drover_checkpoint SET audited_at = 0");
            auditing.auditAll(drover.context(), new Receipts(store), pipeline -> false);

            // Then
            assertThat(alarm)
                    .isEqualTo("an audit found: 2 rows of the source never read, the first is id=7;"
                            + " 2 delivered by the repair");
            assertThat(receiver.accepted()).hasSize(100);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(ledger.faults().alarm()).isEmpty();
        }
    }

    @Test
    void shouldMakeReceiptsOfAsManyRowsAsItIsTold() {
        // Given
        Database source = Database.h2().orders(1, 1000);
        try (Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(source)
                        .file(RouteFile.of("routes/examples/orders-table.camel.yaml"))
                        .sizes(100, 50, 1000)
                        .set("drover.audit.segment", "300")
                        .sendingTo(receiver)
                        .draining()) {
            // When
            drover.start().awaitEnd();

            // Then
            assertThat(source.column("SELECT rows_read FROM drover_receipt ORDER BY place"))
                    .containsExactly("300", "300", "300", "100");
        }
    }

    private static void age(DataSource store, Duration age) throws SQLException {
        try (Connection connection = store.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE drover_receipt SET settled_at = settled_at - " + age.toMillis());
        }
    }
}
