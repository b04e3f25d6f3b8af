package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drover.audit.AtDestination;
import dev.drover.audit.Audit;
import dev.drover.audit.AuditReport;
import dev.drover.audit.Auditing;
import dev.drover.config.Backfill;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.SettledPage.Fates;
import dev.drover.lint.LoadedRoutes;
import dev.drover.store.Checkpoint;
import dev.drover.store.CheckpointEditor;
import dev.drover.store.Checkpoints;
import dev.drover.store.DeadLetterStore;
import dev.drover.store.Receipts;
import dev.drover.store.Selection;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults that an audit finds, and what must not look like one. */
@Integration
class AuditTest {

    private static final RouteFile TABLE = RouteFile.of("routes/examples/orders-table.camel.yaml");
    private static final RouteFile STEP = RouteFile.of("routes/orders.camel.yaml");

    private final Receiver receiver = Receiver.start("id");
    private Database source = Database.h2();
    private Drover drover = Drover.reading(source);

    private void begin(Engine engine, RouteFile route) {
        source = engine.newDatabase().orders(1, 1000);
        drover = Drover.reading(source)
                .sendingTo(receiver)
                .sizes(100, 50, 1000)
                .draining()
                .set("drover.source.consistency", "STATIC")
                .file(route);
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    private AuditReport audit() throws SQLException {
        return Auditing.all(drover.context()).get(0);
    }

    private DataSource store() {
        return drover.pool("store");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldNameTheRowsThatWereCommittedBehindTheCheckpointAndBeQuietWhenTheyAreRepaired(Engine engine)
            throws Exception {
        // Given
        begin(engine, TABLE);
        source.run("DELETE FROM orders WHERE id IN (77, 500)");
        drover.start().awaitEnd();
        AuditReport well = audit();
        source.orders(77, 77)
                .orders(500, 500)
                .run("DELETE FROM orders WHERE id > 900", "UPDATE orders SET quantity = 8");

        // When
        AuditReport late = audit();

        // Then
        assertThat(well.lines())
                .containsExactly(
                        "orders-table: proven complete up to id=1000",
                        "  rows          998 read in 1 segment: 998 delivered, 0 filtered out, 0 dead letters");
        assertThat(late.isComplete()).isFalse();
        assertThat(late.missingKeys()).containsExactly("id=77", "id=500");
        assertThat(late.missing()).isEqualTo(2);
        assertThat(late.gone()).isEqualTo(100);

        // When
        new Receipts(store()).setAside("orders-table", late.missed());
        AuditReport setAside = audit();
        long sent = drover.reread(false).delivered();
        AuditReport repaired = audit();

        // Then
        assertThat(setAside.summary()).isEqualTo("proven complete up to id=1000");
        assertThat(sent).isEqualTo(2);
        assertThat(receiver.accepted()).hasSize(1000).containsKeys("77", "500");
        assertThat(repaired.summary()).isEqualTo("proven complete up to id=1000");
    }

    @Test
    void shouldAuditATableWhoseKeyIsNamedLikeTheKeyOfAChangeLog() throws Exception {
        // Given
        begin(Engine.H2, TABLE.replace("key: id", "key: change_id"));
        source.run("ALTER TABLE orders RENAME COLUMN id TO change_id");

        // When
        try (Receiver changes = Receiver.start("change_id")) {
            drover.sendingTo(changes).start().awaitEnd();
        }

        // Then
        assertThat(audit().summary()).isEqualTo("proven complete up to change_id=1000");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldFindAtTheEndOfADrainWhatWasCommittedLaterThanTheLag(Engine engine) throws Exception {
        // Given
        begin(engine, TABLE.replace("startAfter:", "lag: 100\n        startAfter:"));
        source.run("DELETE FROM orders WHERE id = 77");
        drover.set("drover.source.consistency", "LAG").start();
        try (Connection writer = source.open()) {
            writer.setAutoCommit(false);
            try (Statement statement = writer.createStatement()) {
                statement.execute("INSERT INTO orders SELECT 77, customer, product, quantity, amount, ordered_at"
                        + " FROM orders WHERE id = 78");
            }
            drover.awaitEnd();

            // When
            List<AuditReport> before = Auditing.passedOver(drover.context());
            writer.commit();
            List<AuditReport> after = Auditing.passedOver(drover.context());

            // Then
            assertThat(before).isEmpty();
            assertThat(after).extracting(AuditReport::missingKeys).containsExactly(List.of("id=77"));
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldNameALateRowWhenAReadStepReadsAndOwnersFollowOneAnotherInASegment(Engine engine) throws Exception {
        // Given
        begin(engine, STEP);
        source.run("DELETE FROM orders WHERE id > 450", "DELETE FROM orders WHERE id = 7");
        drover.run();
        source.orders(451, 1000);
        drover.start().awaitEnd();

        // When
        AuditReport restarted = audit();
        source.orders(7, 7);
        AuditReport late = audit();

        // Then
        assertThat(restarted.summary()).isEqualTo("proven complete up to id=1000");
        assertThat(restarted.segments()).isEqualTo(2);
        assertThat(late.missingKeys()).containsExactly("id=7");
    }

    @Test
    void shouldNameTheRowsOfAPageThatAReaderHasSkipped() throws Exception {
        // Given
        begin(Engine.H2, TABLE);
        drover.set("drover.orders.pageSize", 300).start().awaitEnd();
        new CheckpointEditor(store()).set("orders-table", null);
        Checkpoint wrong = new Checkpoints(store())
                .take(
                        "orders-table",
                        List.of("id"),
                        new Checkpoints.Claim("a wrong reader", Duration.ofSeconds(9), true));
        wrong.beginsAfter(new Cursor(List.of("id"), List.of(0L)));

        // When
        wrong.settle(List.of(page(1, 300), page(401, 700)));

        // Then
        AuditReport report = audit();
        assertThat(report.missing()).isEqualTo(100);
        assertThat(report.missed().get(0)).hasToString("id=301");
        assertThat(report.missed().get(99)).hasToString("id=400");
    }

    /** It sorts without regard to case and compares with it, so after {@code b} it reads nothing that begins with a capital. */
    @Test
    void shouldNameTheRowsThatAReaderHasSkippedWhoseOrderIsNotThatOfItsComparison() throws Exception {
        // Given
        begin(Engine.H2, TABLE.replace("key: id", "key: customer").replace("startAfter: \"0\"", "startAfter: \"'!'\""));
        source.run(
                "DELETE FROM orders WHERE id > 6",
                "UPDATE orders SET customer = SUBSTRING('aBbCcd', CAST(id AS INT), 1)");
        drover.start().awaitEnd();
        new CheckpointEditor(store()).set("orders-table", null);
        Checkpoint wrong = new Checkpoints(store())
                .take(
                        "orders-table",
                        List.of("customer"),
                        new Checkpoints.Claim("a wrong reader", Duration.ofSeconds(9), true));
        wrong.beginsAfter(customer("!"));

        // When
        wrong.settle(List.of(customers("a", "b"), customers("c", "d")));
        AuditReport found = audit();
        new Receipts(store()).setAside("orders-table", found.missed());
        long sent = drover.reread(false).delivered();

        // Then
        assertThat(found.missingKeys()).containsExactlyInAnyOrder("customer=B", "customer=C");
        assertThat(sent).isEqualTo(2);
        assertThat(audit().summary()).isEqualTo("proven complete up to customer=d");
    }

    private static Cursor customer(String name) {
        return new Cursor(List.of("customer"), List.of(name));
    }

    private static SettledPage customers(String... names) {
        List<Cursor> keys = Stream.of(names).map(AuditTest::customer).toList();
        return new SettledPage(keys.get(keys.size() - 1), keys.size(), keys, new Fates(keys.size(), 0, 0));
    }

    /** The receiver of the documentation, with its SQL. */
    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"POSTGRES", "MARIADB"})
    void shouldCompareWhatTheDestinationHasWhenItAnswersAsDocumented(Engine engine) throws Exception {
        // Given
        begin(engine, TABLE);
        drover.start().awaitEnd();
        source.run("CREATE TABLE billing AS SELECT id FROM orders");
        String sql = documented(engine);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, sql));
        server.start();

        // When
        String url = "http://localhost:" + server.getAddress().getPort() + "/audit";
        AuditReport same = audit(url);
        source.run("UPDATE billing SET id = 8 WHERE id = 7");
        AuditReport other = audit(url);
        new Receipts(store()).setAside("orders-table", List.of(new Cursor(List.of("id"), List.of(2000L))));
        AuditReport beside = audit(url);
        source.run("DELETE FROM billing WHERE id = 8");
        AuditReport less = audit(url);
        source.run(
                "DELETE FROM drover_receipt WHERE beside = 1",
                "UPDATE drover_receipt SET delivered = 998, filtered = 2");
        AuditReport filtered = audit(url);
        server.stop(0);

        // Then
        assertThat(same.summary()).isEqualTo("proven complete up to id=1000");
        assertThat(other.isComplete()).isFalse();
        assertThat(other.elsewhere())
                .containsExactly("after id=0 up to id=1000: the destination has as many rows with other keys");
        assertThat(less.elsewhere())
                .containsExactly("after id=0 up to id=1000: 1000 rows were delivered, and the destination has 998");
        assertThat(beside.elsewhere()).isEmpty();
        assertThat(filtered.elsewhere()).isEmpty();
        assertThatThrownBy(() -> audit(receiver.url())).hasMessageContaining("the destination must answer {");
    }

    private AuditReport audit(String destination) throws SQLException {
        Audit audit = new Audit(LoadedRoutes.pipelines(drover.context()).get(0).form(), store(), () -> true, false);
        audit.comparing(new AtDestination(destination));
        return audit.run(Audit.Range.ALL);
    }

    private static String documented(Engine engine) throws IOException {
        String page = Files.readString(Path.of("src/site/markdown/audit.md"));
        String before = engine == Engine.MARIADB ? "-- MariaDB\n" : "-- PostgreSQL\n";
        return page.substring(page.indexOf(before) + before.length()).replaceFirst("(?s);.*", "");
    }

    private void answer(HttpExchange exchange, String sql) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String range = sql.replace(":after", query.replaceAll("after=(\\d+)&.*", "$1"))
                .replace(":upTo", query.replaceAll(".*upTo=(\\d+)", "$1"));
        byte[] json = ("{\"count\": "
                        + source.column("SELECT c FROM (" + range + ") a").get(0) + ", \"digest\": \""
                        + source.column("SELECT d FROM (" + range + ") a").get(0) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    @Test
    void shouldCountTheRowsOfWhichNothingIsKnown() throws Exception {
        // Given
        begin(Engine.H2, TABLE);
        drover.start().awaitEnd();
        source.run("UPDATE drover_receipt SET delivered = delivered - 3");

        // When, Then
        assertThat(audit().summary()).isEqualTo("3 rows neither delivered, filtered out nor set aside");
    }

    private static SettledPage page(long first, long last) {
        List<Cursor> keys = LongStream.rangeClosed(first, last)
                .mapToObj(id -> new Cursor(List.of("id"), List.of(id)))
                .toList();
        return new SettledPage(keys.get(keys.size() - 1), keys.size(), keys, new Fates(keys.size(), 0, 0));
    }

    @Test
    void shouldTellWhenAFilterHasDroppedEverything() throws Exception {
        // Given
        begin(
                Engine.H2,
                TABLE.before(
                        "- aggregate:",
                        "- filter:",
                        "    id: wrong",
                        "    simple: \"${body[id]} > 0\"",
                        "    steps:",
                        "      - stop: {}"));

        // When
        drover.start().awaitEnd();

        // Then
        assertThat(audit().isComplete()).isTrue();
        assertThat(audit().lines())
                .contains("  filtered      every row was filtered out; is the condition of the filter right?");
    }

    @Test
    void shouldMissDeadLettersWhenTheyWereEmptiedByHandAndNotWhenACommandHasRemovedThem() throws Exception {
        // Given
        begin(Engine.H2, TABLE);
        receiver.fails(Fault.rejectRecords(422, 10, 20, 30, 40, 50));
        drover.start().awaitEnd();
        AuditReport stored = audit();
        new DeadLetterStore(store()).delete(Selection.of(source.column("SELECT MIN(id) FROM drover_dead_letter")));
        AuditReport removed = audit();

        // When
        source.run("DELETE FROM drover_dead_letter");

        // Then
        assertThat(stored.fates()).isEqualTo(new Fates(995, 0, 5));
        assertThat(stored.isComplete()).isTrue();
        assertThat(removed.isComplete()).isTrue();
        assertThat(audit().summary()).isEqualTo("4 dead letters lost");
    }

    @Test
    void shouldBeQuietWhenTheCheckpointIsSetOrResetAndAnotherOwnerTakesOver() throws Exception {
        // Given
        begin(Engine.H2, TABLE);
        drover.set("drover.lease.duration", "2000");
        source.run("DELETE FROM orders WHERE id > 600");
        drover.run();
        source.orders(601, 1000);
        drover.start().awaitEnd();
        new CheckpointEditor(store()).set("orders-table", new Cursor(List.of("id"), List.of(800L)));
        drover.stop();
        source.orders(1001, 1200);
        drover.start().awaitEnd();

        // When
        AuditReport set = audit();
        new CheckpointEditor(store()).set("orders-table", null);
        drover.stop();
        source.run("INSERT INTO orders SELECT 0 - id, customer, product, quantity, amount, ordered_at FROM orders");
        source.run("DELETE FROM orders WHERE id BETWEEN 100 AND 200");
        drover.start().awaitEnd();
        AuditReport reset = audit();

        // Then
        assertThat(set.summary()).isEqualTo("proven complete up to id=1200");
        assertThat(set.notCovered()).containsExactly("after id=600 up to id=800");
        assertThat(reset.summary()).isEqualTo("proven complete up to id=1200");
        assertThat(reset.notCovered()).isEmpty();
        assertThat(reset.gone()).isZero();
    }

    @Test
    void shouldBeQuietWhenABackfillHasReadALateRow() throws Exception {
        // Given
        begin(Engine.H2, TABLE);
        source.run("DELETE FROM orders WHERE id = 77");
        drover.run();
        source.orders(77, 77);
        drover.backfilling(new Backfill("orders-table", "70", "80")).run();

        // When
        try (Drover again = Drover.reading(source)
                .sendingTo(receiver)
                .sizes(100, 50, 1000)
                .draining()
                .set("drover.source.consistency", "STATIC")
                .file(TABLE)) {
            again.start().awaitEnd();
            AuditReport report = Auditing.all(again.context()).get(0);

            // Then
            assertThat(report.summary()).isEqualTo("proven complete up to id=1000");
        }
    }
}
