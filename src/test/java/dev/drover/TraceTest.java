package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.ledger.Cursor;
import dev.drover.store.Traces;
import dev.drover.store.Traces.Event;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of single rows, as the store keeps it. */
@Integration
class TraceTest {

    private static final RouteFile TABLE = RouteFile.of("routes/examples/orders-table.camel.yaml");

    private final Receiver receiver = Receiver.start("id");
    private Database source = Database.h2();
    private Drover drover = Drover.reading(source);

    private void begin(Engine engine, RouteFile route) {
        source = engine.newDatabase().orders(1, 40);
        drover = Drover.reading(source)
                .sendingTo(receiver)
                .sizes(20, 20, 1000)
                .draining()
                .set("drover.trace.enabled", "true")
                .file(route);
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    private List<Event> life(Object... key) {
        List<String> columns = key.length == 1 ? List.of("id") : List.of("customer", "id");
        return new Traces(drover.pool("store")).of("orders-table", new Cursor(columns, List.of(key)));
    }

    private Request requestOf(Event event) {
        return receiver.requests().stream()
                .filter(request -> request.key().equals(event.batch()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldTellTheWholeLifeOfARowWhenItIsFilteredSplitSetAsideAndReplayed(Engine engine) {
        // Given
        Instant began = Instant.now().truncatedTo(ChronoUnit.MICROS);
        begin(
                engine,
                TABLE.before(
                                "- split:",
                                "- process:",
                                "    ref: \"#class:dev.drover.PageOrderTest$Rows('removeFirst')\"")
                        .before(
                                "- aggregate:",
                                "- filter:",
                                "    id: five",
                                "    simple: \"${body[id]} == 5\"",
                                "    steps:",
                                "      - stop: {}"));
        receiver.fails(Fault.rejectRecords(422, 7));
        drover.start().awaitEnd();
        drover.resend();
        receiver.fails(Fault.none());
        drover.resend();

        // When
        List<Event> poison = life(7);
        List<Event> neighbour = life(8);

        // Then
        assertThat(poison.stream().map(Event::outcome).distinct())
                .containsExactly("split", "dead-lettered", "refused", "replayed");
        assertThat(poison.get(0).status()).isEqualTo(422);
        assertThat(requestOf(poison.get(0)).records()).hasSize(20);
        assertThat(poison).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
        assertThat(poison).allSatisfy(event -> {
            assertThat(event.read()).isBetween(began, event.at());
            assertThat(receiver.url()).startsWith(event.destination());
            assertThat(event.attempts()).isEqualTo(1);
        });
        assertThat(neighbour.stream().map(Event::outcome).distinct()).containsExactly("split", "delivered");
        assertThat(requestOf(neighbour.get(neighbour.size() - 1)).accepted()).isTrue();
        assertThat(List.of(life(1), life(5)))
                .allSatisfy(events -> assertThat(events).singleElement().satisfies(event -> {
                    assertThat(event.outcome()).isEqualTo("filtered");
                    assertThat(event.batch()).isNull();
                    assertThat(event.read()).isBetween(began, event.at());
                }));
        assertThat(life(39)).extracting(Event::outcome).containsExactly("delivered");
        assertThat(life(41)).isEmpty();
    }

    @Test
    void shouldCountTheAttemptsAndKeepTheReceiptOfTheReceiver() {
        // Given
        begin(Engine.H2, TABLE);
        drover.set("drover.trace.receipt", "X-Receipt");
        Fault down = Fault.respond(503).times(2);
        Fault taken = Fault.respond(200, Map.of("X-Receipt", "r-1"));
        receiver.fails(request -> down.answer(request).or(() -> taken.answer(request)));

        // When
        drover.start().awaitEnd();

        // Then
        assertThat(life(1)).singleElement().satisfies(event -> {
            assertThat(event.status()).isEqualTo(200);
            assertThat(event.receipt()).isEqualTo("r-1");
        });
        assertThat(life(1).get(0).attempts() + life(40).get(0).attempts()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldFindARowByAKeyOfTwoColumnsAndKeepWhatThePointerOfTheAnswerHas(Engine engine) {
        // Given
        begin(
                engine,
                TABLE.replace("key: id", "key: customer,id").replace("startAfter: \"0\"", "startAfter: \"A, 0\""));
        drover.set("drover.trace.receipt", "/accepted").set("drover.source.consistency", "STATIC");
        source.run("UPDATE orders SET customer = 'O''Neil, Ann' WHERE id = 3");

        // When
        drover.start().awaitEnd();

        // Then
        assertThat(life("O'Neil, Ann", 3)).singleElement().satisfies(event -> {
            assertThat(event.outcome()).isEqualTo("delivered");
            assertThat(event.receipt()).isEqualTo("true");
        });
    }

    @Test
    void shouldKeepNothingWhenItIsOffAndDeleteWhatIsOld() throws SQLException {
        // Given
        begin(Engine.H2, TABLE);
        drover.start().awaitEnd();
        Traces traces = new Traces(drover.pool("store"));
        traces.deleteOlderThan("orders-table", Duration.ofMinutes(5));
        int kept = life(40).size();

        // When
        traces.deleteOlderThan("orders-table", Duration.ZERO);
        drover.stop();
        source.orders(41, 60);
        drover.set("drover.trace.enabled", "false").start().awaitEnd();

        // Then
        assertThat(kept).isEqualTo(1);
        assertThat(receiver.accepted()).hasSize(60);
        assertThat(source.column("SELECT COUNT(*) FROM drover_trace")).containsExactly("0");
    }
}
