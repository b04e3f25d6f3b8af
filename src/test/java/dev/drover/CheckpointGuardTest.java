package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.ledger.CheckpointEditor;
import dev.drover.ledger.Cursor;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A checkpoint that is not one of the source that is read: halted with a hint, and never begun anew by itself. */
class CheckpointGuardTest {

    private static final String EVENTS = "CREATE TABLE events (written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),"
            + " id BIGINT GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (written_by, id))";
    private static final String THREE_EVENTS = "INSERT INTO events (id) OVERRIDING SYSTEM VALUE VALUES (1), (2), (3)";

    private final Receiver receiver = Receiver.start("id");

    @AfterEach
    void stop() {
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaltWhenTheCheckpointIsBeyondTheTable(PipelineForm form) {
        // Given
        Database source = Database.h2().orders(1, 20);
        Drover drover = reading(source, form.file());
        deliver(drover);
        source.run("DELETE FROM orders WHERE id > 15");

        // When
        String halted = halted(drover);

        // Then
        assertThat(halted)
                .startsWith(
                        "the checkpoint is beyond the table: it is at id=20, and the highest key of orders is id=15")
                .contains("drover checkpoint set " + form.pipeline() + " KEY")
                .contains("drover checkpoint reset " + form.pipeline());
        assertThat(receiver.accepted()).hasSize(20);
    }

    @Test
    void shouldGoOnWhenItsLastRowIsDeletedAndOthersFollow() {
        // Given
        Database source = Database.h2().orders(1, 20);
        Drover drover = reading(source, PipelineForm.TABLE.file());
        deliver(drover);
        source.run("DELETE FROM orders WHERE id = 20");
        source.orders(21, 25);

        // When
        deliver(drover);

        // Then
        assertThat(receiver.accepted()).hasSize(25);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldWarnAndGoOnWhenTheTableIsEmpty() {
        // Given
        Database source = Database.h2().orders(1, 20);
        Drover drover = reading(source, PipelineForm.TABLE.file());
        deliver(drover);
        source.run("DELETE FROM orders");

        // When
        try (Logs logs = new Logs()) {
            deliver(drover);

            // Then
            assertThat(logs.warnings())
                    .anyMatch(line -> line.contains("the checkpoint is at id=20, and table orders is empty"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "POSTGRES", "MARIADB"})
    void shouldHaltWhenTheCheckpointIsOfAnotherTable(String engine) {
        // Given
        Database source =
                switch (engine) {
                    case "H2" -> Database.h2();
                    case "POSTGRES" -> Database.postgres();
                    default -> Database.mariaDb();
                };
        source.orders(1, 20).run("CREATE TABLE parcels AS SELECT * FROM orders");
        Drover drover = reading(source, PipelineForm.TABLE.file());
        deliver(drover);

        // When
        drover.edit("orders-table.camel.yaml", "table: orders", "table: parcels");
        String halted = halted(drover);

        // Then
        assertThat(halted)
                .startsWith("the checkpoint was written for table orders, but the pipeline reads table parcels")
                .contains("drover checkpoint set orders-table KEY", "drover checkpoint reset orders-table");
        assertThat(receiver.accepted()).hasSize(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"table: public.orders", "table: ORDERS"})
    void shouldGoOnWhenTheSameTableIsNamedOtherwise(String named) {
        // Given
        Database source = Database.postgres().orders(1, 20);
        Drover drover = reading(source, PipelineForm.TABLE.file());
        deliver(drover);
        source.orders(21, 25);

        // When
        deliver(drover.edit("orders-table.camel.yaml", "table: orders", named));

        // Then
        assertThat(receiver.accepted()).hasSize(25);
    }

    @Test
    void shouldGoOnWhereItIsToldWhenTheCheckpointIsSetByHand() {
        // Given
        Database source = Database.postgres().orders(1, 20);
        source.run("CREATE TABLE parcels AS SELECT * FROM orders");
        Drover drover = reading(source, PipelineForm.TABLE.file());
        deliver(drover);
        drover.edit("orders-table.camel.yaml", "table: orders", "table: parcels");

        // When
        editor(source).set("orders-table", new Cursor(List.of("id"), List.of(5L)));
        deliver(drover);

        // Then
        assertThat(source.column("SELECT source_table FROM drover_checkpoint")).containsExactly("parcels");
        assertThat(receiver.requests()).hasSize(2);
        assertThat(receiver.duplicates()).hasSize(15);
    }

    @Test
    void shouldHaltWhenTheCheckpointIsOfAnotherType() {
        // Given
        Database source = Database.h2().orders(1, 20);
        Drover drover = reading(source, PipelineForm.TABLE.file());
        deliver(drover);
        source.run("UPDATE drover_checkpoint SET cursor_json ="
                + " '[{\"column\":\"id\",\"type\":\"string\",\"value\":\"secret\"}]'");

        // When
        String halted = halted(drover);

        // Then
        assertThat(halted)
                .startsWith("the checkpoint does not fit table orders: key column id is a number, not a text")
                .doesNotContain("secret");
    }

    @Test
    void shouldHaltWhenTheClusterIsAnother() {
        // Given
        Database source = Database.postgres();
        source.run(EVENTS, THREE_EVENTS);
        Drover drover = reading(source, events());
        deliver(drover);
        String cluster = source.column("SELECT system_identifier FROM pg_control_system()")
                .get(0);
        String written =
                source.column("SELECT source_cluster FROM drover_checkpoint").get(0);
        source.run("UPDATE drover_checkpoint SET source_cluster = '4711'");

        // When
        String halted = halted(drover);

        // Then
        assertThat(written).isEqualTo(cluster);
        assertThat(halted)
                .startsWith("the checkpoint was written on database cluster 4711, but this is cluster " + cluster)
                .contains("drover checkpoint set orders-table KEY", "drover checkpoint reset orders-table");
        assertThat(receiver.accepted()).hasSize(3);
    }

    @Test
    void shouldHaltWhenTheCheckpointIsAheadOfTheTransactions() {
        // Given
        Database source = Database.postgres();
        source.run(EVENTS, THREE_EVENTS);
        Drover drover = reading(source, events());
        deliver(drover);
        source.run("UPDATE drover_checkpoint SET cursor_json = '[{\"column\":\"written_by\",\"type\":\"string\","
                + "\"value\":\"1000000000\"},{\"column\":\"id\",\"type\":\"long\",\"value\":\"1\"}]'");

        // When
        String halted = halted(drover);

        // Then
        assertThat(halted)
                .startsWith("the checkpoint is at transaction 1000000000, but the next one of the database is ");
    }

    @Test
    void shouldGoOnWithoutTheClusterWhenTheUserMayNotAskForIt() {
        // Given
        Database source = Database.postgres();
        String user = "reader" + System.nanoTime();
        source.run(
                EVENTS,
                THREE_EVENTS,
                "CREATE ROLE " + user + " LOGIN",
                "GRANT SELECT ON events TO " + user,
                "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
        Drover drover = reading(source, events()).set("drover.source.username", user);

        // When
        deliver(drover);
        deliver(drover);

        // Then
        assertThat(receiver.accepted()).hasSize(3);
        assertThat(source.column("SELECT source_cluster IS NULL FROM drover_checkpoint"))
                .containsExactly("t");
    }

    private Drover reading(Database source, RouteFile route) {
        return Drover.reading(source).file(route).sendingTo(receiver).draining().sizes(100, 50, 1000);
    }

    private static RouteFile events() {
        return PipelineForm.TABLE
                .file()
                .replace("table: orders", "table: events")
                .replace("\"{{drover.source.consistency}}\"", "XID")
                .replace("key: id", "key: written_by,id")
                .replace("startAfter: \"0\"", "startAfter: \"'0',0\"");
    }

    private static void deliver(Drover drover) {
        assertThat(halted(drover)).isEmpty();
    }

    /** Runs until it ends by itself; why it was halted, empty if it was not. */
    private static String halted(Drover drover) {
        try (drover) {
            drover.start().awaitEnd();
            return drover.pipelines().get(0).ledger().halted().orElse("");
        }
    }

    private static CheckpointEditor editor(Database source) {
        PGSimpleDataSource store = new PGSimpleDataSource();
        store.setURL(source.url());
        store.setUser(source.username());
        return new CheckpointEditor(store);
    }
}
