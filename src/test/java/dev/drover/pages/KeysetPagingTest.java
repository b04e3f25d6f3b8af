package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.PostgresServer;
import dev.drover.Sql;
import dev.drover.config.ByteLimits;
import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.rows.Page;
import dev.drover.rows.RowReader;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.TableReader;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.testing.Integration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row comes exactly once and in order, and each page costs a range of the index, on both engines. */
@Integration
class KeysetPagingTest {

    enum Engine {
        H2,
        POSTGRESQL;

        DataSource newDatabase() throws SQLException {
            return this == H2 ? Sql.newH2() : PostgresServer.newDatabase();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadEveryRowOnceWhenTheKeyIsOneColumn(Engine engine) throws Exception {
        // Given
        DataSource database = engine.newDatabase();
        Sql.run(database, "CREATE TABLE orders (id integer PRIMARY KEY, name varchar(9))", fill(100));

        for (int pageSize : new int[] {1, 7, 99, 100, 101}) {
            // When
            List<SourceRecord> read = readAll(new TableReader(database, "orders", List.of("id")), pageSize);

            // Then
            assertThat(read)
                    .extracting(row -> row.value("id"))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 100).boxed().toList());
        }
    }

    private static String fill(int rows) {
        return "INSERT INTO orders "
                + String.join(
                        " UNION ALL ",
                        IntStream.rangeClosed(1, rows)
                                .mapToObj(i -> "SELECT " + i + ", 'n" + i % 5 + "'")
                                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadEveryRowOnceWhenTheKeyIsThreeColumns(Engine engine) throws Exception {
        // Given
        DataSource database = engine.newDatabase();
        Sql.run(
                database,
                "CREATE TABLE events (tenant varchar(9), at date, n bigint, PRIMARY KEY (tenant, at, n))",
                "INSERT INTO events SELECT t.x, d.x, n.x FROM (VALUES ('a'), ('b'), ('c')) AS t(x),"
                        + " (VALUES (DATE '2024-05-01'), (DATE '2024-05-02')) AS d(x),"
                        + " (VALUES (1), (2), (3), (4), (5)) AS n(x)");
        List<String> key = List.of("tenant", "at", "n");
        String expected =
                Sql.lines(database, "SELECT tenant || ' ' || at || ' ' || n FROM events ORDER BY tenant, at, n");

        for (int pageSize : new int[] {1, 4, 30, 31}) {
            // When
            List<SourceRecord> read = readAll(new TableReader(database, "events", key), pageSize);

            // Then
            StringBuilder lines = new StringBuilder();
            read.forEach(row -> lines.append(row.get("tenant") + " " + row.get("at") + " " + row.get("n") + "\n"));
            assertThat(lines).hasToString(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"varchar(9)", "char(9)", "text", "citext", "text COLLATE \"C\"", "mood", "uuid", "timestamptz"})
    void shouldReadEveryRowOnceAndByIndexWhenTheKeyIsOfAPostgresType(String type) throws Exception {
        // Given
        DataSource database = PostgresServer.newDatabase();
        Sql.run(
                database,
                "CREATE EXTENSION IF NOT EXISTS citext",
                "CREATE TYPE mood AS ENUM ('z', 'calm', 'Angry', 'b')",
                "CREATE TABLE texts (k " + type + " PRIMARY KEY)",
                "INSERT INTO texts VALUES " + values(type));
        String expected = Sql.lines(database, "SELECT k::text FROM texts ORDER BY texts.k");
        TableReader reader = new TableReader(database, "texts", List.of("k"));

        // When
        List<SourceRecord> read = readAll(reader, 2);

        // Then
        assertThat(read).hasSize((int) expected.lines().count()).doesNotHaveDuplicates();
        assertThat(planOf(database, "texts", List.of("k"), read.get(1).cursor(List.of("k"))))
                .contains("index cond")
                .doesNotContain("filter", "sort");
    }

    private static String values(String type) {
        return switch (type) {
            case "mood" -> "('z'), ('calm'), ('Angry'), ('b')";
            case "uuid" -> "(gen_random_uuid()), (gen_random_uuid()), (gen_random_uuid())";
            case "timestamptz" -> "(now()), (now() - interval '1 us'), ('-infinity'), ('infinity'), ('0044-03-15 BC')";
            default -> "('B'), ('a'), ('Ca'), ('d e'), ('de'), ('é'), (''), ('it''s')";
        };
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadARangeOfTheIndexWhenTheKeyIsTwoColumns(Engine engine) throws Exception {
        // Given
        DataSource database = engine.newDatabase();
        Sql.run(
                database,
                "CREATE TABLE pairs (a bigint NOT NULL, b bigint NOT NULL, c varchar(9), PRIMARY KEY (a, b))");
        List<String> key = List.of("a", "b");

        // When
        String plan = planOf(database, "pairs", key, new Cursor(key, List.of(5L, 6L)));

        // Then
        switch (engine) {
            case H2 ->
                assertThat(plan)
                        .contains("primary_key", "a >= ?1", "index sorted")
                        .doesNotContain("tablescan");
            case POSTGRESQL ->
                assertThat(plan).contains("index cond: (row(a, b) > row(").doesNotContain("sort");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadNothingAndBeDrainedWhenTheTableIsEmpty(Engine engine) throws Exception {
        // Given
        DataSource database = engine.newDatabase();
        Sql.run(database, "CREATE TABLE orders (id integer PRIMARY KEY)");
        TableReader reader = new TableReader(database, "orders", List.of("id"));

        // When
        Page first = reader.read(PageRequest.after(null, 10));
        Page later = reader.read(PageRequest.after(new Cursor(List.of("id"), List.of(7L)), 10));

        // Then
        assertThat(List.of(first, later)).allSatisfy(page -> {
            assertThat(page.records()).isEmpty();
            assertThat(page.last()).isNull();
            assertThat(page.drained()).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindTheTableWhenItsNameIsReservedMixedOrHoldsQuotes(Engine engine) throws Exception {
        // Given
        DataSource database = engine.newDatabase();
        Sql.run(
                database,
                "CREATE SCHEMA sales",
                "CREATE TABLE sales.\"Odd \"\"Name\" (\"rowId\" integer PRIMARY KEY, kept integer, dropped integer)",
                "INSERT INTO sales.\"Odd \"\"Name\" VALUES (1, 2, 3)");

        // When
        TableReader reader = new TableReader(
                database,
                "SALES.Odd \"Name",
                List.of("rowId", "KEPT"),
                List.of("rowId"),
                Consistency.STATIC,
                PageQuery.DEFAULT_TIMEOUT,
                ByteLimits.DEFAULT);

        // Then
        assertThat(reader.read(PageRequest.after(null, 1))
                        .records()
                        .get(0)
                        .columns()
                        .names())
                .containsExactly("rowId", "kept");
    }

    @Test
    void shouldRefuseThePageWhenAKeyIsNull() throws Exception {
        // Given
        DataSource database = Sql.newH2();
        Sql.run(database, "CREATE TABLE orders (id integer)", "INSERT INTO orders VALUES (NULL)");

        // Then
        assertThatThrownBy(() -> new TableReader(database, "orders", List.of("id")).read(PageRequest.after(null, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the key column id is NULL: a key must never be NULL");
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheValueOutOfTheMessageWhenARowCanNotBeRead(Engine engine) throws Exception {
        // Given
        DataSource database = engine.newDatabase();
        Sql.run(
                database,
                "CREATE TABLE texts (id integer, t varchar(20))",
                "INSERT INTO texts VALUES (1, 'secret')",
                "CREATE VIEW numbers AS SELECT id, CAST(t AS integer) AS n FROM texts");

        // Then
        assertThatThrownBy(() -> new TableReader(database, "numbers", List.of("id")).read(PageRequest.after(null, 1)))
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("could not read numbers (SQLSTATE 22")
                .hasNoCause()
                .hasMessageNotContaining("secret");
    }

    @Test
    void shouldNameTheColumnWhenItCanNotBeRead() throws Exception {
        // Given
        DataSource database = PostgresServer.newDatabase();
        Sql.run(database, "CREATE TABLE odd (id integer)");
        RowReader reader;
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT * FROM odd")) {
            reader = new RowReader(rows, 0);
        }

        // Then
        assertThatThrownBy(reader::read)
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("could not read column id (SQLSTATE 55000");
    }

    private static List<SourceRecord> readAll(TableReader reader, int pageSize) throws SQLException {
        List<SourceRecord> all = new ArrayList<>();
        Page page = reader.read(PageRequest.after(null, pageSize));
        while (true) {
            all.addAll(page.records());
            assertThat(all).as("rows read: paging does not move on").hasSizeLessThan(150);
            if (page.drained()) {
                return all;
            }
            page = reader.read(PageRequest.after(page.last(), pageSize));
        }
    }

    /** The plan of the next page, in lower case; a table this small is only read by index if a scan is made dear. */
    private static String planOf(DataSource database, String table, List<String> key, Cursor after)
            throws SQLException {
        try (Connection connection = database.getConnection();
                var settings = connection.createStatement()) {
            Dialect dialect = Dialect.of(connection);
            if (dialect == Dialect.POSTGRESQL) {
                settings.execute("SET enable_seqscan = off");
                settings.execute("SET enable_bitmapscan = off");
            }
            KeysetQuery query = new KeysetQuery(dialect, table, List.of(), key, Consistency.STATIC);
            PageRequest page = PageRequest.after(after, 10);
            try (PreparedStatement explain = connection.prepareStatement("EXPLAIN " + query.sql(page))) {
                query.bind(explain, page);
                StringBuilder plan = new StringBuilder();
                try (var rows = explain.executeQuery()) {
                    while (rows.next()) {
                        plan.append(rows.getString(1)).append('\n');
                    }
                }
                return plan.toString().replace("\"", "").toLowerCase(Locale.ROOT);
            }
        }
    }
}
