package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.MariaDbServer;
import dev.drover.Sql;
import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.rows.Page;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.TableReader;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageRequest;
import dev.drover.testing.Integration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** What is particular to MariaDB: its types, and which plans its optimiser chooses. */
@Integration
class MariaDbReadingTest {

    private DataSource database;

    @BeforeEach
    void open() throws SQLException {
        database = new MariaDbDataSource(MariaDbServer.newDatabase() + "?user=root");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "BIGINT UNSIGNED         | 18446744073709551615                     | 18446744073709551615",
                "BIGINT                  | -9223372036854775808                     | -9223372036854775808",
                "DECIMAL(38, 18)         | 12345678901234567890.123456789012345678  | 12345678901234567890.123456789012345678",
                "DECIMAL(12, 2)          | 10.50                                    | 10.50",
                "BOOLEAN                 | TRUE                                     | true",
                "DATETIME(6)             | '2024-05-01 12:30:00.123456'             | \"2024-05-01T12:30:00.123456\"",
                "DATE                    | '2024-05-01'                             | \"2024-05-01\"",
                "TIME(6)                 | '23:59:59.999999'                        | \"23:59:59.999999\"",
                "JSON                    | '{\"a\": 1.10}'                          | {\"a\": 1.10}",
                "JSON                    | NULL                                     | null",
                "LONGTEXT                | '{\"a\": 1}'                             | \"{\\\"a\\\": 1}\"",
                "TINYINT(1)              | 5                                        | 5",
                "BIT(1)                  | b'1'                                     | true",
                "BIT(10)                 | b'101'                                   | \"0000000101\"",
                "TIME(1)                 | '-838:59:59.5'                           | \"-838:59:59.5\"",
                "VARCHAR(20)             | NULL                                     | null",
                "ENUM('new', 'paid')     | 'paid'                                   | \"paid\"",
                "VARBINARY(4)            | x'00ff10'                                | \"AP8Q\"",
                "UUID | '5f3c0000-0000-4000-8000-000000000000' | \"5f3c0000-0000-4000-8000-000000000000\"",
            })
    void shouldKeepTheExactValueWhenItIsOfAType(String type, String literal, String json) throws Exception {
        // Given
        Sql.run(
                database,
                "CREATE TABLE one (id INT PRIMARY KEY, v " + type + " NULL)",
                "INSERT INTO one VALUES (1, " + literal + ")");

        // When
        Page page = new TableReader(database, "one", List.of("id")).read(PageRequest.after(null, 10));

        // Then
        assertThat(new ObjectMapper().writeValueAsString(page.records().get(0)))
                .isEqualTo("{\"id\":1,\"v\":" + json + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1}, {\"id\": 999", "[1] [2]", "", " ", "{\"a\":1,}", "01", "NaN", "\"\t\"", "{bad"})
    void shouldHoldBackARowWhenItsJsonIsNoneAndWasNotChecked(String text) throws Exception {
        assertHeldBack("SET check_constraint_checks = 0", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.", "[1.e5]", "\"\\q\""})
    void shouldHoldBackARowWhenItsJsonIsNoneThoughMariaDbTakesIt(String text) throws Exception {
        assertHeldBack("SET check_constraint_checks = 1", text);
    }

    private void assertHeldBack(String set, String text) throws Exception {
        // Given
        Sql.run(
                database,
                "CREATE TABLE one (id INT PRIMARY KEY, v JSON)",
                set,
                "INSERT INTO one VALUES (1, '" + text.replace("\\", "\\\\") + "'), (2, '{}')");

        // When
        Page page = new TableReader(database, "one", List.of("id")).read(PageRequest.after(null, 10));

        // Then
        assertThat(page.records())
                .extracting(SourceRecord::unrepresentable)
                .containsExactly("column v has a text that is not JSON", null);
    }

    @Test
    void shouldReadARangeOfTheIndexWhenTheKeyIsOneColumn() throws Exception {
        // Given
        Sql.run(
                database,
                "CREATE TABLE rows_ (id BIGINT PRIMARY KEY, payload VARCHAR(200))",
                "INSERT INTO rows_ SELECT seq, REPEAT('x', 100) FROM seq_1_to_10000");

        // When
        String plan = planOf("rows_", new Cursor(List.of("id"), List.of(9000L)));

        // Then
        assertThat(plan)
                .contains("\"access_type\": \"range\"", "\"key\": \"PRIMARY\"")
                .doesNotContain("filesort");
    }

    @Test
    void shouldReadARangeOfTheIndexWhenTheKeyIsTwoColumns() throws Exception {
        // Given
        Sql.run(
                database,
                "CREATE TABLE pairs (a INT, b INT, payload VARCHAR(200), PRIMARY KEY (a, b))",
                "INSERT INTO pairs SELECT seq DIV 100, seq, REPEAT('x', 100) FROM seq_1_to_10000");

        // When
        String plan = planOf("pairs", new Cursor(List.of("a", "b"), List.of(90, 9000)));

        // Then
        assertThat(plan)
                .contains("\"access_type\": \"range\"", "\"key\": \"PRIMARY\"")
                .doesNotContain("filesort");
    }

    @Test
    void shouldFindTheSameRowsByTheirKeysWhenATextIsOfAnotherCharacterSetThanTheConnection() throws Exception {
        // Given
        Sql.run(
                database,
                "CREATE TABLE words (raw VARBINARY(4), word VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german2_ci,"
                        + " PRIMARY KEY (raw, word))",
                "INSERT INTO words VALUES (x'00', 'Zé'), (x'00', 'ä'), (x'01', 'ab'), (x'02', 'ß')");
        TableReader reader = new TableReader(database, "words", List.of("raw", "word"));
        List<Cursor> keys = cursors(reader.read(PageRequest.after(null, 10)));

        // When
        Page found = reader.read(PageRequest.of(keys));

        // Then
        assertThat(cursors(found)).hasSize(4).isEqualTo(keys);
    }

    private static List<Cursor> cursors(Page page) {
        return page.records().stream()
                .map(row -> row.cursor(List.of("raw", "word")))
                .toList();
    }

    private String planOf(String table, Cursor after) throws SQLException {
        try (Connection connection = database.getConnection()) {
            KeysetQuery query =
                    new KeysetQuery(Dialect.of(connection), table, List.of(), after.columns(), Consistency.STATIC);
            PageRequest page = new PageRequest(after, wayBeyond(after), 100);
            try (PreparedStatement explain = connection.prepareStatement("EXPLAIN FORMAT=JSON " + query.sql(page))) {
                query.bind(explain, page);
                try (ResultSet rows = explain.executeQuery()) {
                    rows.next();
                    return rows.getString(1);
                }
            }
        }
    }

    private static Cursor wayBeyond(Cursor key) {
        List<Object> values = key.values().stream()
                .map(value -> value instanceof Number number ? (Object) (number.longValue() + 50) : value)
                .toList();
        return new Cursor(key.columns(), values);
    }
}
