package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A page that is not what its key says halts the pipeline before a row behind it could be passed over. */
@Integration
class PageOrderTest {

    private static final String CONDITION = "id > :#${variable.after} AND id <= :#${variable.upTo} ORDER BY id LIMIT";

    private final Receiver receiver = Receiver.start("id");

    @AfterEach
    void stop() {
        receiver.close();
    }

    private Drover reading(Database database, RouteFile route) {
        return Drover.reading(database)
                .set("drover.source.consistency", "STATIC")
                .sendingTo(receiver)
                .sizes(10, 10, 100)
                .draining()
                .file(route);
    }

    private static RouteFile ordersBy(String condition) {
        return within("orders", PipelineForm.READ_STEP.file().replace(CONDITION, condition));
    }

    /** Puts the SQL into another query, so that nothing is said of it before it is read. */
    private static RouteFile within(String table, RouteFile route) {
        return route.replace("        startAfter:", "        keyTable: " + table + "\n        startAfter:")
                .replace("query: \"SELECT", "query: \"SELECT * FROM (SELECT")
                .replace(":#${variable.pageSize}\"", ":#${variable.pageSize}) page\"");
    }

    /** Why the pipeline has halted; empty if it is finished. */
    private String halted(Drover drover) {
        try (drover) {
            drover.start();
            drover.awaitEnd();
            return drover.pipelines().get(0).ledger().halted().orElse("");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            id > :#${variable.after} ORDER BY ordered_at LIMIT | the keys do not rise: id=3 was read after id=4
            id > :#${variable.after} ORDER BY id DESC LIMIT | the keys do not rise: id=24 was read after id=25
            id >= :#${variable.after} ORDER BY id LIMIT | the page after id=10 begins with id=10, which is not behind it
            id > 0 * :#${variable.after} ORDER BY id LIMIT | the page after id=10 begins with id=1, which is not behind it
            id <= :#${variable.upTo} + 5 AND id > :#${variable.after} ORDER BY id LIMIT | the page up to id=12 has a row behind it, id=17
            id > :#${variable.after} ORDER BY id LIMIT 1 + | the read step returned 12 rows where 11 were asked for
            """)
    void shouldHaltBeforeAnythingIsSentWhenASelectDoesNotReadByTheKey(String condition, String why) {
        // Given
        Database database = Engine.POSTGRES.newDatabase().orders(1, 25);
        database.run("UPDATE orders SET ordered_at = TIMESTAMP '2026-01-02' - id * INTERVAL '1 min' WHERE id < 5");
        String until = why.contains("up to")
                ? "        startAfter: \"0\"\n        until: \"12\"\n"
                : "        startAfter: \"0\"\n";

        // When
        String halted = halted(reading(database, ordersBy(condition).replace("        startAfter: \"0\"\n", until)));

        // Then
        assertThat(halted).startsWith(why);
        assertThat(receiver.accepted()).hasSizeLessThanOrEqualTo(10);
        assertThat(database.column("SELECT cursor_json FROM drover_checkpoint WHERE settled > 10"))
                .isEmpty();
    }

    static Stream<Arguments> everywhere() {
        return Stream.of(Engine.values())
                .flatMap(engine -> Stream.of(PipelineForm.values()).map(form -> Arguments.of(engine, form)));
    }

    @Test
    void shouldHaltWhenAHeaderReplacesTheSqlThatWasChecked() {
        // Given
        Database database = Engine.POSTGRES.newDatabase().orders(1, 25);
        RouteFile route = PipelineForm.READ_STEP
                .file()
                .replace(
                        "- to:\n            id: read-page",
                        """
                        - setHeader:
                            name: CamelSqlQuery
                            constant:
                              expression: SELECT id FROM orders WHERE id > 5 ORDER BY id LIMIT 10
                        - to:
                            id: read-page"""
                                .replace("\n", "\n        "));

        // When
        String halted = halted(reading(database, route));

        // Then
        assertThat(halted).startsWith("the header CamelSqlQuery replaces the SQL of the read step");
        assertThat(receiver.accepted()).isEmpty();
    }

    private static Database withItems(Engine engine, int order) {
        Database database = engine.newDatabase().orders(1, 15);
        database.run(
                "CREATE TABLE items (order_id BIGINT, product VARCHAR(9))",
                "INSERT INTO items SELECT id, 'a' FROM orders WHERE id = " + order,
                "INSERT INTO items SELECT id, 'b' FROM orders WHERE id = " + order,
                "CREATE VIEW with_items AS SELECT o.id, customer, o.product, quantity, amount, ordered_at FROM orders o"
                        + " LEFT JOIN items i ON i.order_id = o.id");
        return database;
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldHaltWhenAViewRepeatsAKeyOnBothSidesOfAPagesEnd(Engine engine, PipelineForm form) {
        // Given
        Database database = withItems(engine, 10);
        RouteFile route = form == PipelineForm.READ_STEP
                ? form.file().replace("FROM orders", "FROM with_items")
                : form.file().replace("table: orders\n", "table: with_items\n");

        // When
        String halted = halted(reading(database, route));

        // Then
        assertThat(halted).startsWith("two rows have the same key, id=10: the key must be unique");
        assertThat(receiver.accepted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            orders.id, customer | orders LEFT JOIN items i ON i.order_id = orders.id |
            id, customer, generate_series(1, CASE id WHEN 10 THEN 2 ELSE 1 END) AS n | orders |
            id, customer | (SELECT * FROM with_items) w | keyTable
            """)
    void shouldHaltWhenASelectRepeatsARowOnBothSidesOfAPagesEnd(String list, String from, String keyTable) {
        // Given
        Database database = withItems(Engine.POSTGRES, 10);
        RouteFile route = PipelineForm.READ_STEP
                .file()
                .replace("id, customer, product, quantity, amount, ordered_at FROM orders", list + " FROM " + from)
                .replace("        key: id\n", "        key: id\n        keyTable: orders\n");
        String text = route.text().replace("WHERE id", "WHERE orders.id").replace("AND id", "AND orders.id");
        boolean joins = from.contains("JOIN");

        // When
        String halted = halted(
                reading(database, joins ? new RouteFile(route.name(), text.replace("BY id", "BY orders.id")) : route));

        // Then
        assertThat(halted).startsWith("two rows have the same key, id=10: the key must be unique");
        assertThat(receiver.accepted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, 10", "3, 3", "4, 10"})
    void shouldHaltWhenAServiceRepeatsAKeyOnBothSidesOfAPagesEnd(int limitOfService, int pageSize) {
        // Given
        Database database = Engine.H2.newDatabase().orders(1, 4);
        RouteFile route = stepInTheReadStepsPlace("repeat" + limitOfService);

        // When
        String halted = halted(reading(database, route).sizes(pageSize, 10, 100));

        // Then
        assertThat(halted).startsWith("two rows have the same key, id=" + limitOfService);
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 10", "3, 3", "6, 6", "10, 10", "10, 1"})
    void shouldReadEverythingWhenAServiceHasALimitOfItsOwn(int limitOfService, int pageSize) {
        // Given
        Database database = Engine.H2.newDatabase().orders(1, 4);
        RouteFile route = stepInTheReadStepsPlace("serve" + limitOfService);

        // When
        String halted = halted(reading(database, route).sizes(pageSize, 10, 100));

        // Then
        assertThat(halted).isEmpty();
        assertThat(receiver.accepted()).hasSize(6);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaltWhenARowOfAViewHasNoKey(Engine engine) {
        // Given
        Database database = engine.newDatabase().orders(1, 15);
        database.run(
                "CREATE VIEW some_keys AS SELECT CASE WHEN id = 7 THEN NULL ELSE id END AS id, customer FROM orders");
        RouteFile route = PipelineForm.TABLE.file().replace("table: orders\n", "table: some_keys\n");

        // When
        String halted = halted(reading(database, route));

        // Then
        assertThat(halted)
                .isEqualTo(
                        "key: there are rows whose id is NULL, and they would never be read; give them a key, or leave"
                                + " them out: id IS NOT NULL in the view or in the SQL");
        assertThat(receiver.accepted()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldHaltWhenARowWithoutAKeyIsReached(Engine engine, PipelineForm form) {
        // Given
        Database database = engine.newDatabase().orders(1, 5);
        database.run("CREATE VIEW later AS SELECT id, CASE WHEN quantity < 0 THEN NULL ELSE customer END AS part,"
                + " customer, quantity FROM orders");
        RouteFile file = form.file()
                .replace("key: id\n", "key: id,part\n")
                .replace("startAfter: \"0\"", "startAfter: \"0,'a'\"");
        RouteFile route = form == PipelineForm.READ_STEP
                ? file.replace(
                                "id, customer, product, quantity, amount, ordered_at FROM orders",
                                "id, part, customer FROM later")
                        .replace(
                                "id > :#${variable.after} AND id <= :#${variable.upTo} ORDER BY id",
                                "(id, part) > (:#${variable.after[id]}, :#${variable.after[part]}) ORDER BY id, part")
                : file.replace("table: orders\n", "table: later\n");

        // When
        String halted;
        try (Drover drover = reading(database, route).set("camel.component.pages.mode", "FOLLOW")) {
            drover.start();
            await().until(() -> receiver.accepted().size() == 5);
            database.run(
                    "INSERT INTO orders SELECT 6, customer, product, -1, amount, ordered_at FROM orders WHERE id = 5");
            drover.awaitEnd();
            halted = drover.pipelines().get(0).ledger().halted().orElse("");
        }

        // Then
        assertThat(halted).isEqualTo("the key column part is NULL: a key must never be NULL");
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetTheDatabaseSayWhetherTextRises(Engine engine) {
        // Given
        Database database = engine.newDatabase().orders(1, 4);
        String collated =
                switch (engine) {
                    case H2 -> "";
                    case POSTGRES -> " COLLATE \"en-x-icu\"";
                    case MARIADB -> " COLLATE utf8mb4_bin";
                };
        database.run(
                "CREATE TABLE people (code VARCHAR(20)" + collated + " NOT NULL PRIMARY KEY, id INT, customer INT)",
                "INSERT INTO people VALUES ('a', 1, 1)",
                "INSERT INTO people VALUES ('é', 2, 1)",
                "INSERT INTO people VALUES ('z', 3, 1)");
        String unlike =
                switch (engine) {
                    case H2 -> "UPPER(code) DESC";
                    case POSTGRES -> "code COLLATE \\\"C\\\"";
                    case MARIADB -> "code COLLATE utf8mb4_general_ci";
                };
        RouteFile byCode = PipelineForm.READ_STEP.text(PipelineForm.READ_STEP.file());
        String from = "product, quantity, amount, ordered_at FROM orders";

        // When
        String rising = halted(reading(database, byCode.replace(", " + from, " FROM people")));
        String falling = halted(reading(
                database,
                within(
                        "people",
                        byCode.replace(", " + from, " FROM people")
                                .replace("ORDER BY code", "ORDER BY " + unlike)
                                .replace("name: orders\n", "name: again\n"))));

        // Then
        assertThat(rising).isEmpty();
        assertThat(receiver.accepted()).hasSize(3);
        assertThat(falling).startsWith("the keys do not rise: ");
    }

    @Test
    void shouldSayWhatIsMissingWhenTheOrderOfTextIsNotKnown() {
        // Given
        Database database = Engine.H2.newDatabase().orders(1, 4);
        RouteFile route = stepInTheReadStepsPlace("read")
                .replace("key: id", "key: customer")
                .replace("startAfter: \"0\"", "startAfter: \"''\"");

        // When
        String halted = halted(reading(database, route));

        // Then
        assertThat(halted)
                .startsWith("the order of the key column customer is not known: no database is behind the read step");
        assertThat(receiver.accepted()).isEmpty();
    }

    @Test
    void shouldKeepTheKeyAsItWasReadWhenAStepChangesTheRow() {
        // Given
        Database database = Engine.POSTGRES.newDatabase().orders(1, 4);
        RouteFile route = stepInTheReadStepsPlace("read")
                .before(
                        "- aggregate:",
                        "- setVariable:",
                        "    name: before",
                        "    simple:",
                        "      expression: \"${body.put('id', 1000)}\"");
        receiver.fails(Fault.rejectRecords(422, 1000));

        // When
        String halted = halted(reading(database, route).sizes(2, 2, 10));

        // Then
        assertThat(halted).isEmpty();
        assertThat(database.column("SELECT record_key FROM drover_dead_letter ORDER BY record_key"))
                .containsExactly("id=1", "id=2", "id=3", "id=4", "id=5", "id=6");
        assertThat(database.column("SELECT cursor_json FROM drover_checkpoint").get(0))
                .contains("6");
    }

    @ParameterizedTest
    @EnumSource(names = {"READ_STEP", "TABLE"})
    void shouldNotTakeAPageForTheLastWhenAStepRemovesRowsOfIt(PipelineForm form) {
        // Given
        Database database = Engine.POSTGRES.newDatabase().orders(1, 25);

        // When
        String halted;
        long filtered;
        try (Drover drover = reading(database, beforeSplit(form, "removeFirst"))) {
            drover.start();
            drover.awaitEnd();
            halted = drover.pipelines().get(0).ledger().halted().orElse("");
            filtered = drover.pipelines().get(0).tally().filtered();
        }

        // Then
        assertThat(halted).isEmpty();
        assertThat(receiver.accepted()).hasSize(22).doesNotContainKeys("1", "11", "21");
        assertThat(filtered).isEqualTo(3);
        assertThat(database.column("SELECT settled FROM drover_checkpoint")).containsExactly("25");
    }

    @ParameterizedTest
    @CsvSource({"READ_STEP,add", "READ_STEP,turn", "READ_STEP,rename", "TABLE,add", "TABLE,turn", "TABLE,rename"})
    void shouldHaltWhenAStepPutsRowsIntoAPageThatWereNotReadThere(PipelineForm form, String step) {
        // Given
        Database database = Engine.POSTGRES.newDatabase().orders(1, 25);

        // When
        String halted = halted(reading(database, beforeSplit(form, step)));

        // Then
        assertThat(halted).startsWith("a step between the read step and the split has added, changed or moved rows");
        assertThat(receiver.accepted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            NULLIF(id, 13) AS id | the key column id is NULL: a key must never be NULL
            id AS number | the row has no column id, only [number, customer
            """)
    void shouldHaltWhenARowHasNoKey(String column, String why) {
        // Given
        Database database = Engine.POSTGRES.newDatabase().orders(1, 25);

        // When
        String halted = halted(reading(
                database,
                ordersBy("id > :#${variable.after} ORDER BY orders.id LIMIT")
                        .replace("SELECT id,", "SELECT " + column + ",")));

        // Then
        assertThat(halted).startsWith(why);
    }

    private static RouteFile beforeSplit(PipelineForm form, String method) {
        return form.file()
                .before(
                        "- split:",
                        "- process:",
                        "    ref: \"#class:dev.drover.PageOrderTest$Rows('" + method + "')\"");
    }

    private static RouteFile stepInTheReadStepsPlace(String method) {
        RouteFile route = PipelineForm.READ_STEP.file();
        String text = route.text();
        int step = text.indexOf("        - to:\n            id: read-page");
        int split = text.indexOf("        - split:");
        return new RouteFile(
                route.name(),
                text.substring(0, step)
                        + "        - process:\n            ref: \"#class:dev.drover.PageOrderTest$Rows('" + method
                        + "')\"\n" + text.substring(split));
    }

    /** Steps of a user that read or change a page. */
    public static final class Rows implements Processor {

        private final String what;

        public Rows(String what) {
            this.what = what;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void process(Exchange exchange) {
            List<Object> rows = new ArrayList<>();
            if (exchange.getMessage().getBody() instanceof List<?> read) {
                rows.addAll(read);
            }
            if (rows.isEmpty() && !what.matches("read|repeat.*|serve.*")) {
                return;
            }
            switch (what) {
                case "read" -> rows.addAll(read(exchange));
                case "repeat2", "repeat3", "repeat4" -> rows.addAll(served(exchange, true));
                case "serve1", "serve2", "serve3", "serve6", "serve10" -> rows.addAll(served(exchange, false));
                case "removeFirst" -> rows.remove(0);
                case "add" -> rows.add(Map.of("id", 10_000));
                case "turn" -> java.util.Collections.reverse(rows);
                default -> {
                    Map<String, Object> changed = new HashMap<>((Map<String, Object>) rows.get(0));
                    changed.put("id", 10_000);
                    rows.set(0, changed);
                }
            }
            exchange.getMessage().setBody(rows);
        }

        /** Those of a service that has six, and may have one of them twice: the one at the end of its own limit. */
        private List<Map<String, Object>> served(Exchange exchange, boolean repeats) {
            int limit = Integer.parseInt(what.replaceAll("[a-z]", ""));
            int last = exchange.getVariable("after") instanceof Number number ? number.intValue() : 0;
            return IntStream.rangeClosed(1, 6)
                    .flatMap(id -> IntStream.generate(() -> id).limit(repeats && id == limit ? 2 : 1))
                    .filter(id -> id > last)
                    .limit(Math.min(limit, exchange.getVariable("pageSize", Integer.class)))
                    .mapToObj(id -> Map.<String, Object>of("id", id, "customer", "customer " + id))
                    .toList();
        }

        /** Six rows, as mutable as those that come out of JSON. */
        private static List<Map<String, Object>> read(Exchange exchange) {
            Object after = exchange.getVariable("after");
            int last = after instanceof Number number ? number.intValue() : 0;
            int size = exchange.getVariable("pageSize", Integer.class);
            return IntStream.rangeClosed(last + 1, Math.min(6, last + size))
                    .mapToObj(id -> (Map<String, Object>)
                            new HashMap<String, Object>(Map.of("id", id, "customer", "customer " + id)))
                    .toList();
        }
    }
}
