package dev.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;

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
            auditing.auditAll(drover.context(), new Receipts(store));
            auditing.auditAll(drover.context(), new Receipts(store));

            // Then
            assertThat(logs.count("cannot be audited now")).isEqualTo(1);
        }
    }

    private static void age(DataSource store, Duration age) throws SQLException {
        try (Connection connection = store.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE drover_receipt SET settled_at = settled_at - " + age.toMillis());
        }
    }
}
