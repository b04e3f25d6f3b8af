package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.MariaDbServer;
import dev.drover.PostgresServer;
import dev.drover.Sql;
import dev.drover.config.ByteLimits;
import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.rows.LongColumns;
import dev.drover.rows.Page;
import dev.drover.rows.RecordMapper;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.TableReader;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.testing.Integration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A value that is too long is not loaded, a page that is too long ends early, and every row is read once. */
@Integration
class LongValuesTest {

    private static final List<String> KEY = List.of("id");

    enum Engine {
        H2("clob", "blob", "varchar(600)"),
        POSTGRESQL("text", "bytea", "jsonb"),
        MARIADB("longtext", "longblob", "json");

        private final String text;
        private final String bytes;
        private final String other;

        Engine(String text, String bytes, String other) {
            this.text = text;
            this.bytes = bytes;
            this.other = other;
        }

        DataSource newDatabase() throws SQLException {
            return switch (this) {
                case H2 -> Sql.newH2();
                case POSTGRESQL -> PostgresServer.newDatabase();
                case MARIADB -> new MariaDbDataSource(MariaDbServer.newDatabase() + "?user=root");
            };
        }

        /** Notes in a table whose names only exact quotes find. */
        DataSource notes(String... rows) throws SQLException {
            DataSource database = newDatabase();
            String quote = this == MARIADB ? "`" : "\"";
            Sql.run(
                    database,
                    "CREATE TABLE notes (id bigint PRIMARY KEY, " + quote + "ORDER" + quote + " " + text + ", data "
                            + bytes + ", doc " + other + ", word varchar(100))");
            for (String row : rows) {
                Sql.run(database, "INSERT INTO notes VALUES (" + row + ")");
            }
            return database;
        }

        String bytes(int length) {
            return switch (this) {
                case H2 -> "CAST(REPEAT('x', " + length + ") AS blob)";
                case POSTGRESQL -> "CAST(REPEAT('x', " + length + ") AS bytea)";
                case MARIADB -> "REPEAT('x', " + length + ")";
            };
        }

        String json(int length) {
            String text = "CONCAT('\"', REPEAT('x', " + (length - 2) + "), '\"')";
            return this == POSTGRESQL ? "CAST(" + text + " AS jsonb)" : text;
        }
    }

    private static TableReader reader(DataSource database, long maxValueBytes, long maxPageBytes) {
        return new TableReader(
                database,
                "notes",
                List.of(),
                KEY,
                Consistency.STATIC,
                PageQuery.DEFAULT_TIMEOUT,
                new ByteLimits(maxValueBytes, maxPageBytes));
    }

    @ParameterizedTest
    @EnumSource
    void shouldHoldBackOnlyWhatIsTooLongWhenTextsBytesAndJsonAre(Engine engine) throws Exception {
        // Given: é has two bytes
        DataSource database = engine.notes(
                "1, REPEAT('é', 250), " + engine.bytes(500) + ", " + engine.json(500) + ", 'a'",
                "2, REPEAT('é', 251), NULL, NULL, 'b'",
                "3, NULL, " + engine.bytes(501) + ", NULL, 'c'",
                "4, NULL, NULL, " + engine.json(501) + ", 'd'",
                "5, NULL, NULL, NULL, NULL");

        // When
        List<SourceRecord> read =
                reader(database, 500, 0).read(PageRequest.after(null, 10)).records();

        // Then
        assertThat(read)
                .extracting(SourceRecord::unrepresentable)
                .containsExactly(
                        null,
                        "column ORDER has 502 bytes, more than maxValueBytes 500",
                        "column data has 501 bytes, more than maxValueBytes 500",
                        "column doc has 501 bytes, more than maxValueBytes 500",
                        null);
        assertThat(read).extracting(row -> row.value("id")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(read.get(0).value("ORDER")).isEqualTo("é".repeat(250));
        assertThat((byte[]) read.get(0).value("data")).hasSize(500);
        assertThat(read.get(0).value("doc")).hasToString("\"" + "x".repeat(498) + "\"");
        assertThat(read.get(3).columns().names()).containsExactly("id", "ORDER", "data", "doc", "word");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveSeveralSmallPagesWhenTheirBytesAreLimited(Engine engine) throws Exception {
        // Given
        DataSource database = engine.notes();
        for (int id = 1; id <= 10; id++) {
            Sql.run(database, "INSERT INTO notes (id, data) VALUES (" + id + ", " + engine.bytes(1 << 20) + ")");
        }

        // When
        List<Page> pages = readAll(reader(database, 0, 3 << 20));

        // Then
        assertThat(pages).extracting(page -> page.records().size()).containsExactly(4, 4, 2);
        assertThat(pages.stream().flatMap(page -> page.records().stream()).map(row -> row.value("id")))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadOnRowByRowWhenEachIsLongerThanAPage(Engine engine) throws Exception {
        // Given
        DataSource database = engine.notes(
                "1, REPEAT('x', 300), NULL, NULL, 'a'",
                "2, REPEAT('x', 900), NULL, NULL, 'not loaded, so it takes no room'",
                "3, REPEAT('x', 300), NULL, NULL, 'c'");

        // When
        List<Page> pages = readAll(reader(database, 500, 200));

        // Then
        assertThat(pages).extracting(page -> page.records().size()).containsExactly(1, 2, 0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadARangeOfTheIndexWhenValuesAreHeldBack(Engine engine) throws Exception {
        // Given
        DataSource database = engine.notes();
        Sql.run(
                database,
                "INSERT INTO notes (id, word) SELECT "
                        + switch (engine) {
                            case H2 -> "\"X\", 'a' FROM system_range(1, 5000)";
                            case POSTGRESQL -> "x, 'a' FROM generate_series(1, 5000) AS s(x)";
                            case MARIADB -> "seq, 'a' FROM seq_1_to_5000";
                        });

        // When
        String plan = planOf(database);

        // Then
        assertThat(plan)
                .contains(
                        switch (engine) {
                            case H2 -> "primary_key";
                            case POSTGRESQL -> "index cond";
                            case MARIADB -> "range";
                        })
                .doesNotContain("filesort", "tablescan");
    }

    @Test
    void shouldReadAColumnThatWasAddedWhenTheTableIsDrainedBefore() throws Exception {
        // Given
        DataSource database = Engine.POSTGRESQL.notes("1, 'x', NULL, NULL, 'a'");
        TableReader reader = reader(database, 500, 200);
        reader.read(PageRequest.after(null, 10));

        // When
        Sql.run(database, "ALTER TABLE notes ADD COLUMN added text DEFAULT 'new'");

        // Then
        assertThat(reader.read(PageRequest.after(null, 10)).records().get(0).value("added"))
                .isEqualTo("new");
    }

    /** The database needs some time to make it. */
    @Test
    @Tag("full")
    void shouldNotBringItIntoMemoryWhenATextIsLongerThanTheHeap() throws Exception {
        // Given: with its bytes and its characters it would take more than the 1 GiB that tests have
        DataSource database = Engine.POSTGRESQL.notes(
                "1, 'x', NULL, NULL, 'a'", "2, REPEAT('x', 700000000), NULL, NULL, 'b'", "3, 'x', NULL, NULL, 'c'");

        // When
        List<SourceRecord> read = new TableReader(database, "notes", KEY)
                .read(PageRequest.after(null, 10))
                .records();

        // Then
        assertThat(read)
                .extracting(SourceRecord::unrepresentable)
                .containsExactly(null, "column ORDER has 700000000 bytes, more than maxValueBytes 16777216", null);
    }

    @ParameterizedTest
    @EnumSource
    void shouldMarkTheRecordWhenAReadStepMeetsAValueTooLong(Engine engine) throws Exception {
        // Given
        DataSource database = engine.notes(
                "1, REPEAT('é', 250), NULL, NULL, 'a'",
                "2, REPEAT('é', 251), NULL, NULL, 'a'",
                "3, REPEAT('é', 501), " + engine.bytes(501) + ", NULL, 'a'",
                "4, NULL, " + engine.bytes(500) + ", NULL, 'a'");

        // When
        List<SourceRecord> read = new JdbcTemplate(database)
                .query("SELECT * FROM notes ORDER BY id", new RecordMapper(500).newColumnRowMapper());

        // Then
        assertThat(read.get(1).unrepresentable()).isEqualTo("column ORDER has 502 bytes, more than maxValueBytes 500");
        assertThat(read.get(2).unrepresentable()).contains("column data has 501 bytes");
        assertThat(List.of(read.get(0), read.get(3)))
                .extracting(SourceRecord::unrepresentable)
                .containsOnlyNulls();
    }

    @Test
    void shouldRefuseTheLimitWhenItIsNegative() {
        // Then
        assertThatThrownBy(() -> new ByteLimits(-1, 0))
                .hasMessage("maxValueBytes: -1 is not allowed, it must be at least 0 (no limit)");
        assertThatThrownBy(() -> new ByteLimits(0, -1))
                .hasMessage("maxPageBytes: -1 is not allowed, it must be at least 0 (no limit)");
    }

    private static List<Page> readAll(TableReader reader) throws SQLException {
        List<Page> pages = new ArrayList<>();
        Cursor after = null;
        do {
            Page page = reader.read(PageRequest.after(after, 1000));
            pages.add(page);
            after = page.last();
        } while (!pages.get(pages.size() - 1).drained() && pages.size() < 20);
        return pages;
    }

    /** The plan of a page that holds long values back; a table this small is only read by index if a scan is dear. */
    private static String planOf(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Dialect dialect = Dialect.of(connection);
            KeysetQuery query = new KeysetQuery(dialect, "notes", List.of(), KEY, Consistency.STATIC);
            String list;
            try (ResultSet none = connection.createStatement().executeQuery(query.noRows(query.list()))) {
                list = new LongColumns(dialect, none.getMetaData(), KEY, new ByteLimits(500, 500))
                        .guarded()
                        .orElseThrow();
            }
            if (dialect == Dialect.POSTGRESQL) {
                connection.createStatement().execute("SET enable_seqscan = off; SET enable_bitmapscan = off");
            }
            String explain = dialect == Dialect.MARIADB ? "EXPLAIN FORMAT=JSON " : "EXPLAIN ";
            PageRequest page = PageRequest.after(new Cursor(KEY, List.of(4900L)), 10);
            try (PreparedStatement statement = connection.prepareStatement(explain + query.sql(page, list))) {
                query.bind(statement, page);
                StringBuilder plan = new StringBuilder();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        plan.append(rows.getString(1)).append('\n');
                    }
                }
                return plan.toString().toLowerCase(Locale.ROOT);
            }
        }
    }
}
