package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.database.DatabasePool;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Events;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.OwnPostgres;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The source changes under a running pipeline: halted before rows are passed over, and only then. */
@Integration
class SourceChangesTest {

    private static final String EVENTS = "CREATE TABLE events (text VARCHAR(20), ";

    private final Receiver receiver = Receiver.start("id");
    private @Nullable Drover drover;

    @AfterEach
    void stop() {
        if (drover != null) {
            drover.close();
        }
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaltWhenTheTableIsNumberedAnew(Engine engine) {
        // Given
        Database source = engine.newDatabase();
        source.run(events(engine), insert(20));
        follow(source);
        awaitAccepted(20);

        // When
        source.run("TRUNCATE TABLE events" + (engine == Engine.MARIADB ? "" : " RESTART IDENTITY"));

        // Then
        assertThat(halted())
                .startsWith("the source is not as it was: ")
                .contains("drover checkpoint reset orders-table");
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaltWhenTheTableOfAJoinIsNumberedAnewAndDemandItsName(Engine engine) {
        // Given
        Database source = engine.newDatabase();
        source.run(events(engine), insert(20), "CREATE TABLE other (event BIGINT)");
        RouteFile join = RouteFile.of("routes/orders.camel.yaml")
                .replace(
                        "id, customer, product, quantity, amount, ordered_at FROM orders",
                        "id, text FROM events LEFT JOIN other ON event = id")
                .replace(" AND id <= :#${variable.upTo}", "")
                .replace("        key: id\n", "        key: id\n        delay: 20\n");
        drover = Drover.reading(source)
                .file(join)
                .sendingTo(receiver)
                .set("drover.source.consistency", "STATIC")
                .sizes(10, 10, 100)
                .start();
        String withoutName = halted();
        drover.close();
        drover.file(join.replace("        key: id\n", "        key: id\n        keyTable: events\n"))
                .start();
        awaitAccepted(20);

        // When
        source.run("TRUNCATE TABLE events" + (engine == Engine.MARIADB ? "" : " RESTART IDENTITY"));

        // Then
        assertThat(withoutName).startsWith("keyTable: is not set, and the SQL is more than a query of one table; ");
        assertThat(halted()).startsWith("the source is not as it was: ").contains("drover checkpoint reset orders");
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaltWhenTheTableBelowAViewIsNumberedAnew(Engine engine) {
        // Given
        Database source = engine.newDatabase();
        source.run(
                events(engine).replace("events", "base"),
                insert(20).replace("events", "base"),
                "CREATE VIEW events AS SELECT id, text FROM base");
        start(source, "STATIC", "");
        awaitAccepted(20);

        // When
        source.run("TRUNCATE TABLE base" + (engine == Engine.MARIADB ? "" : " RESTART IDENTITY"));
        source.run(insert(5).replace("events", "base"));

        // Then
        assertThat(halted())
                .startsWith("the source is not as it was: ")
                .contains("drover checkpoint reset orders-table");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWhenAllRowsAreDeletedAndTheKeysGoOn(Engine engine) {
        // Given
        Database source = engine.newDatabase();
        source.run(events(engine), insert(20));
        Pipeline pipeline = follow(source);
        awaitAccepted(20);

        // When
        source.run("DELETE FROM events");
        await().during(Duration.ofMillis(1500))
                .until(() -> pipeline.ledger().halted().isEmpty());
        source.run(insert(5));

        // Then
        awaitAccepted(25);
    }

    @Test
    void shouldReadWhenTheTableIsNamedInAnotherCase() {
        // Given
        Database source = Database.postgres();
        String orders = "\"MixedCase\"";
        source.run(events(Engine.POSTGRES).replace("events", orders), insert(20).replace("events", orders));

        // When
        drover = Drover.reading(source)
                .file(Events.route().replace("table: events", "table: mixedcase"))
                .sendingTo(receiver)
                .set("drover.store.url", source.url())
                .sizes(10, 10, 100)
                .start();

        // Then
        awaitAccepted(20);
    }

    @Test
    void shouldHaltWhenTheKeysBeginAnewAndHavePassedTheLastRowAlready() {
        // Given
        Database source = Database.postgres();
        source.run(events(Engine.POSTGRES), insert(20));
        follow(source);
        awaitAccepted(20);

        // When
        source.run("BEGIN; TRUNCATE TABLE events RESTART IDENTITY; " + insert(50) + "; COMMIT");

        // Then
        assertThat(halted()).contains("the next key is 51 and was 21: the keys were renumbered");
    }

    @Test
    void shouldHaltWhenTheLastRowsAreGoneAndNothingTellsWhereKeysGoOn() {
        // Given
        Database source = Database.h2();
        source.run(EVENTS + "id BIGINT PRIMARY KEY)", insertWithKeys(source, 1, 20));
        start(source, "STATIC", "");
        awaitAccepted(20);

        // When
        source.run("DELETE FROM events WHERE id > 15");

        // Then
        assertThat(halted())
                .startsWith("the source is not as it was: what was read last is beyond the table: it is at id=20");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWithAnAlarmWhenTheLastRowsAreGoneAndKeysArePromisedToGrow(Engine engine) {
        // Given
        Database source = engine.newDatabase();
        source.run(EVENTS + "id BIGINT PRIMARY KEY)", insertWithKeys(source, 1, 20));
        Pipeline pipeline = start(source, source.exact(), "keysGrow");
        awaitAccepted(20);

        // When
        source.run("DELETE FROM events WHERE id > 15");
        await().until(() -> pipeline.reading().waitsFor().isPresent());

        // Then
        assertThat(pipeline.reading().waitsFor().orElseThrow())
                .startsWith("rows behind id=20, as the last ones that were read are gone");
        source.run(insertWithKeys(source, 21, 25));
        awaitAccepted(25);
        await().until(() -> pipeline.reading().waitsFor().isEmpty());
        assertThat(pipeline.ledger().halted()).isEmpty();
    }

    @Test
    void shouldHaltWhenACrashHasTakenCommitsThatWereReadThoughKeysArePromisedToGrow() {
        // Given
        Database store = Database.postgres();
        try (OwnPostgres server = OwnPostgres.start();
                TcpProxy address = TcpProxy.to(server.port())) {
            Database source = server.database();
            source.run(EVENTS + "id BIGINT PRIMARY KEY)", insertWithKeys(source, 1, 20));
            follow(source.through(address), store);
            awaitAccepted(20);
            server.holdWalWriter();
            source.run("SET synchronous_commit = off; " + insertWithKeys(source, 21, 25));
            awaitAccepted(25);

            // When
            address.cut();
            server.crash();
            server.startAgain();
            address.switchTo(server.port());
            address.restore();

            // Then
            assertThat(halted()).startsWith("the source is not as it was: another server answers");
            drover.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void shouldHaltWhenACopyThatIsBehindTakesOver(int rowsBeforeItIsReached) {
        // Given
        try (OwnPostgres server = OwnPostgres.start()) {
            Database source = server.database();
            source.run(events(Engine.POSTGRES), insert(20));
            try (OwnPostgres standby = server.standby();
                    TcpProxy address = TcpProxy.to(server.port())) {
                follow(server.database().through(address), server.database());
                awaitAccepted(20);
                standby.fallBehind(server);
                source.run(insert(40));
                awaitAccepted(60);

                // When
                address.cut();
                standby.promote();
                standby.database()
                        .run(
                                rowsBeforeItIsReached == 0
                                        ? "SELECT 1"
                                        : insert(rowsBeforeItIsReached).replace("'x'", "'y'"));
                address.switchTo(standby.port());
                address.restore();

                // Then
                assertThat(halted()).startsWith("the source is not as it was: another server answers");
                drover.close();
            }
        }
    }

    @Test
    void shouldReadThePageAgainWhenItIsOfAnotherServerThanTheOneThatWasLookedAt() throws Exception {
        // Given
        Database source = Database.postgres().orders(1, 20);
        drover = Drover.reading(source)
                .file(RouteFile.of("routes/orders.camel.yaml")
                        .replace(
                                "      steps:\n        - to:\n            id: read-page",
                                "      steps:\n        - bean: { id: take, beanType: "
                                        + TakesConnections.class.getName()
                                        + " }\n        - to:\n            id: read-page"))
                .sendingTo(receiver)
                .set("drover.store.url", Database.h2().url())
                .draining();
        TakesConnections.from = source;

        // When
        boolean said;
        try (Logs logs = new Logs()) {
            drover.run();
            said = logs.says("another server answers");
        } finally {
            for (Connection each : TakesConnections.TAKEN) {
                each.close();
            }
        }

        // Then
        assertThat(said).isTrue();
        assertThat(receiver.accepted()).hasSize(20);
        assertThat(receiver.duplicates()).isEmpty();
    }

    /** Keeps the connections that a page could be read over until a new one is opened, once the source looks restarted. */
    public static final class TakesConnections {

        static @Nullable Database from;
        static final List<Connection> TAKEN = new ArrayList<>();

        public void take(Exchange exchange) throws SQLException {
            if (from != null) {
                from.lookRestarted();
                from = null;
                DatabasePool pool =
                        exchange.getContext().getRegistry().lookupByNameAndType("source", DatabasePool.class);
                for (int all = pool.getHikariPoolMXBean().getIdleConnections(); all > 0; all--) {
                    TAKEN.add(pool.getConnection());
                }
            }
        }
    }

    @Test
    void shouldHaltWhenAnotherClusterAnswers() {
        // Given
        Database source = Database.postgres();
        source.run(EVENTS + Events.BY_TRANSACTION + ")", insert(20));
        try (OwnPostgres other = OwnPostgres.start();
                TcpProxy address = TcpProxy.to(source.port())) {
            other.database().run("CREATE DATABASE " + source.name());
            Database copy = source.at(other.port(), "");
            drover = Drover.reading(source.through(address))
                    .file(Events.routeByTransaction())
                    .sendingTo(receiver)
                    .set("drover.source.consistency", "XID")
                    .set("drover.store.url", source.url())
                    .sizes(10, 10, 100)
                    .start();
            awaitAccepted(20);
            assertThat(copy.url()).isNotEqualTo(source.url());

            // When
            address.switchTo(other.port());
            address.reset();

            // Then
            assertThat(halted()).contains("database cluster ", " was replaced by ");
            drover.close();
        }
    }

    private static String insert(int rows) {
        return "INSERT INTO events (text) VALUES " + String.join(", ", Collections.nCopies(rows, "('x')"));
    }

    private static String events(Engine engine) {
        return EVENTS + Events.key(engine) + ")";
    }

    private Pipeline follow(Database source) {
        return follow(source, source);
    }

    private static String insertWithKeys(Database source, int from, int to) {
        return "INSERT INTO events (id) SELECT x FROM " + source.rows(from, to);
    }

    private Pipeline start(Database source, String mode, String promises) {
        drover = Drover.reading(source)
                .file(Events.route())
                .sendingTo(receiver)
                .set("drover.source.consistency", mode)
                .set("drover.source.promises", promises)
                .sizes(10, 10, 100)
                .start();
        return drover.pipelines().get(0);
    }

    private Pipeline follow(Database source, Database store) {
        drover = Drover.reading(source)
                .file(Events.route())
                .sendingTo(receiver)
                .set("drover.store.url", store.url())
                .sizes(10, 10, 100)
                .start();
        return drover.pipelines().get(0);
    }

    private String halted() {
        Pipeline pipeline = drover.pipelines().get(0);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> pipeline.ledger().halted().isPresent());
        return pipeline.ledger().halted().orElseThrow();
    }

    private void awaitAccepted(int records) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        receiver.accepted().size() + receiver.duplicates().size())
                .isGreaterThanOrEqualTo(records));
    }
}
