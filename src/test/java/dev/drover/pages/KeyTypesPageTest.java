package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.Sql;
import dev.drover.config.Doubt;
import dev.drover.database.DatabasePool;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorLiteral;
import dev.drover.sql.KeyTypes;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import dev.drover.testing.GeneratedPart;
import dev.drover.testing.Integration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The published table of key types is what happens: a key of each type that is not refused is read by the table form
 * and by a read step, alone and with a second column behind it, over values chosen to be difficult, with restarts in
 * other time zones. The same seed reads the same. {@code -Ddrover.site.write=true} writes the tables again.
 */
@Integration
class KeyTypesPageTest {

    private static final int FEW = 40;
    private static final int MANY = 2000;

    @Test
    void shouldDeliverInOrderOrRefuseWhenTheKeyIsOfPostgres() throws Exception {
        // Then
        assertPublished("postgresql", postgres(), "", FEW);
    }

    @Test
    void shouldDeliverInOrderOrRefuseWhenTheKeyIsOfMariaDb() throws Exception {
        // Then
        assertPublished("mariadb", Database.mariaDb(), "?sessionVariables=sql_mode=''", FEW);
    }

    @Test
    void shouldDeliverInOrderOrRefuseWhenTheKeyIsOfH2() throws Exception {
        // Then
        assertPublished("h2", Database.h2(), "", FEW);
    }

    @Test
    @Tag("full")
    void shouldDeliverInOrderOrRefuseWhenThereAreMoreValues() throws Exception {
        // Then
        assertPublished("postgresql", postgres(), "", MANY);
        assertPublished("mariadb", Database.mariaDb(), "?sessionVariables=sql_mode=''", MANY);
        assertPublished("h2", Database.h2(), "", MANY);
    }

    @Test
    @Tag("full")
    void shouldDeliverInOrderOrRefuseWhenTheDriverSpeaksAnotherProtocol() throws Exception {
        // Then
        assertPublished("postgresql", postgres(), "&preferQueryMode=simple", FEW);
        assertPublished("postgresql", postgres(), "&prepareThreshold=1", FEW);
        assertPublished("mariadb", Database.mariaDb(), "?useServerPrepStmts=true&sessionVariables=sql_mode=''", FEW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    POSTGRES | bigint            | 9223372036854775807  | 9223372036854775808
                    POSTGRES | integer           | -2147483648          | 0.5
                    POSTGRES | numeric           | 0.5                  | 'text'
                    POSTGRES | text              | 'text'               | 1
                    MARIADB  | BIGINT            | -9223372036854775808 | -9223372036854775809
                    MARIADB  | BIGINT UNSIGNED   | 18446744073709551615 | 18446744073709551616
                    MARIADB  | TINYINT           | 127                  | 128
                    MARIADB  | SMALLINT UNSIGNED | 65535                | 65536
                    MARIADB  | DECIMAL(9, 2)     | 0.5                  | 'text'
                    H2       | INTEGER           | 2147483647           | 2147483648
                    H2       | DATE              | 2024-05-01           | 1
                    """)
    void shouldRefuseABoundWhenTheKeyCannotHaveIt(Engine engine, String type, String fits, String misfits)
            throws Exception {
        // Given
        try (DatabasePool source = pool(engine.newDatabase(), "")) {
            Sql.run(source, "CREATE TABLE bounds (k " + type + " NOT NULL)");
            String query = "SELECT k FROM bounds";

            // Then
            assertThat(refusal(source, query, CursorLiteral.parse(List.of("k"), fits)))
                    .isEmpty();
            assertThat(refusal(source, query, CursorLiteral.parse(List.of("k"), misfits))
                            .orElseThrow()
                            .text())
                    .contains("but the key to begin after or to end at is");
        }
    }

    /** A zone without its rules would not tell: the server gets one of its own, with the summer time of 2025. */
    @Test
    void shouldDeliverTheHourThatOccursTwiceWhenTheServerHasSummerTime() throws Exception {
        // Given
        Database database = Database.mariaDb();
        database.run(
                "INSERT INTO mysql.time_zone VALUES (9001, 'N')",
                "INSERT INTO mysql.time_zone_name VALUES ('Test/Berlin', 9001)",
                "INSERT INTO mysql.time_zone_transition_type VALUES (9001, 0, 3600, 0, 'CET'), (9001, 1, 7200, 1, 'CEST')",
                "INSERT INTO mysql.time_zone_transition VALUES (9001, 1743296400, 1), (9001, 1761440400, 0)",
                "CREATE TABLE t (k TIMESTAMP(6) NOT NULL, n INT NOT NULL, PRIMARY KEY (k, n))",
                "SET STATEMENT time_zone = '+00:00' FOR INSERT INTO t"
                        + " SELECT '2025-10-26 00:00:00' + INTERVAL seq * 30 SECOND, seq FROM seq_0_to_199",
                "SET GLOBAL time_zone = 'Test/Berlin'");
        try (KeyPages pages = new KeyPages(() -> pool(database, ""), 1);
                DatabasePool berlin = pool(database, "?sessionVariables=time_zone='Test/Berlin'")) {
            List<Integer> all = KeyPages.ordered(pages.source(), "n");

            // When, Then
            assertThat(all).hasSize(200);
            assertThat(pages.byTable(List.of("k", "n"), all)).isEmpty();
            assertThat(pages.byStep(List.of("k", "n"), all)).isEmpty();
            assertThat(refusal(berlin, "SELECT k FROM t").map(Object::toString))
                    .contains("column k is TIMESTAMP, and the time zone of the session is Test/Berlin, where an hour"
                            + " occurs twice; take the time zone out of the URL of the source, or write"
                            + " connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true");
        } finally {
            database.run("SET GLOBAL time_zone = 'SYSTEM'");
        }
    }

    /** MariaDB sorts by the first bytes of a text, and compares all. */
    @Test
    void shouldDeliverOrRefuseWhenTextsDifferBehindTheBytesThatMariaDbSortsBy() throws Exception {
        // Given
        Database database = Database.mariaDb();
        database.run(
                "CREATE TABLE t (k VARCHAR(700) NOT NULL, n INT NOT NULL)",
                "INSERT INTO t SELECT CONCAT(REPEAT('ä', 690), LPAD(seq * 7 MOD 60, 4, '0')), seq * 7 MOD 60 FROM seq_0_to_59",
                "CREATE TABLE u (k MEDIUMTEXT NOT NULL, n INT NOT NULL)");
        try (KeyPages pages = new KeyPages(() -> pool(database, ""), 1)) {
            List<Integer> all = KeyPages.ordered(pages.source(), "n");

            // When, Then
            assertThat(pages.byTable(List.of("k"), all)).isEmpty();
            assertThat(refusal(pages.source(), "SELECT k FROM t")).isEmpty();
            assertThat(refusal(pages.source(), "SELECT k FROM u")
                            .map(Object::toString)
                            .orElse(""))
                    .startsWith(
                            "column k is MEDIUMTEXT of up to 16777215 bytes, which may be longer than the 65536 bytes");
        }
    }

    /** What is behind an alias may be an ENUM, and only the table would tell. */
    @Test
    void shouldRefuseWhenAQueryHidesWhetherItsKeyIsAnEnum() throws Exception {
        // Given
        Database database = Database.mariaDb();
        database.run("CREATE TABLE t (e ENUM('b', 'a') NOT NULL, c CHAR(2) NOT NULL)");
        try (DatabasePool pool = pool(database, "")) {

            // When, Then
            assertThat(refusal(pool, "SELECT e AS k FROM t").map(Doubt::text))
                    .contains("column k is ENUM, which is sorted by its number, and compared with a text as text");
            assertThat(refusal(pool, "SELECT c AS k FROM t")).isEmpty();
            assertThat(refusal(pool, "SELECT k FROM (SELECT e AS k FROM t LIMIT 3) q")
                            .map(Doubt::text))
                    .contains(
                            "column k is CHAR, and may be an ENUM or a SET: the query does not tell the table it is of");
            assertThat(refusal(pool, "SELECT k FROM (SELECT CAST(e AS CHAR) AS k FROM t LIMIT 3) q"))
                    .isEmpty();
        }
    }

    private static Database postgres() {
        Database database = Database.postgres();
        database.run(
                "CREATE EXTENSION citext",
                "CREATE TYPE mood AS ENUM ('b', 'a', 'd', 'c')",
                "CREATE DOMAIN email AS citext CHECK (length(value::text) < 100)",
                "CREATE DOMAIN amount AS numeric",
                "CREATE COLLATION ignoring (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE COLLATION counting (provider = icu, locale = 'en-u-kn-true')");
        return database;
    }

    private static DatabasePool pool(Database database, String settings) {
        DatabasePool pool = new DatabasePool();
        pool.setJdbcUrl(database.url() + (database.url().contains("?") ? settings : settings.replaceFirst("^&", "?")));
        pool.setUsername(database.username());
        pool.setPassword("");
        pool.setMaximumPoolSize(2);
        pool.setMinimumIdle(0);
        return pool;
    }

    private static void assertPublished(String name, Database database, String settings, int count) throws Exception {
        // When
        StringBuilder table = new StringBuilder("| type of a key column | as a key |\n|---|---|\n");
        for (String line : Files.readAllLines(Path.of("src/test/resources/types/keys-" + name + ".txt"))) {
            String[] parts = line.split(Pattern.quote(" | "), -1);
            table.append(
                    "| `" + parts[0] + "` | " + verdict(name, database, settings, parts[0], parts[1], count) + " |\n");
        }

        // Then
        GeneratedPart.of("types.md", "keys " + name).assertPublished(table.toString());
    }

    /** Exact if every row was delivered once, in order; else the refusal. */
    private static String verdict(String name, Database database, String settings, String type, String kind, int count)
            throws Exception {
        try (KeyPages pages = new KeyPages(() -> pool(database, settings), type.hashCode())) {
            Sql.run(
                    pages.source(),
                    "DROP TABLE IF EXISTS t",
                    "CREATE TABLE t (n INT NOT NULL, k " + type + " NOT NULL)");
            index(pages.source());
            Optional<Doubt> refusal = refusal(pages.source(), "SELECT k FROM t");
            if (refusal.isPresent()) {
                return "refused: " + refusal.get().text().replaceFirst("column k is ", "") + "; "
                        + refusal.get().remedy();
            }
            insert(pages.source(), new KeyValues(type.hashCode()).of(kind, count), literal(name));
            List<Integer> pairs = KeyPages.ordered(pages.source(), "k, n");
            assertThat(pairs).as(type).hasSizeGreaterThan(1);
            assertThat(pages.byTable(List.of("k", "n"), pairs))
                    .as(type + " and a number, table form")
                    .isEmpty();
            boolean described = !settings.contains("preferQueryMode=simple"); // without it a read step is refused
            if (described) {
                assertThat(pages.byStep(List.of("k", "n"), pairs))
                        .as(type + " and a number, read step")
                        .isEmpty();
            }
            withoutEquals(pages.source());
            List<Integer> single = KeyPages.ordered(pages.source(), "k");
            assertThat(pages.byTable(List.of("k"), single))
                    .as(type + ", table form")
                    .isEmpty();
            if (described) {
                assertThat(pages.byStep(List.of("k"), single))
                        .as(type + ", read step")
                        .isEmpty();
            }
            return "exact";
        }
    }

    private static Optional<Doubt> refusal(DatabasePool source, String query, Cursor... bounds) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            return KeyTypes.refusal(connection, statement.getMetaData(), List.of("k"), List.of(bounds));
        }
    }

    /** With it and without it other plans are chosen; not every type can have one. */
    private static void index(DatabasePool source) throws SQLException {
        try {
            Sql.run(source, "CREATE INDEX by_key ON t (k, n)");
        } catch (SQLException noIndexOfThisType) {
            assertThat(noIndexOfThisType.getSQLState())
                    .as(noIndexOfThisType.toString())
                    .isNotNull();
        }
    }

    private static UnaryOperator<String> literal(String name) {
        return value -> {
            if (value.startsWith("\\x")) {
                String digits = value.substring(2);
                return name.equals("postgresql") ? "'\\x" + digits + "'" : "X'" + digits + "'";
            }
            return name.equals("mariadb") ? value.replace("\\", "\\\\") : value;
        };
    }

    /** A value that the type does not take is left out. */
    private static void insert(DatabasePool source, List<String> values, UnaryOperator<String> literal)
            throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            int number = 0;
            for (String value : values) {
                try {
                    statement.execute("INSERT INTO t VALUES (" + ++number + ", " + literal.apply(value) + ")");
                } catch (SQLException notOfThisType) {
                    assertThat(notOfThisType.getSQLState()).as(value).startsWith("22");
                }
            }
        }
    }

    private static void withoutEquals(DatabasePool source) throws SQLException {
        String repeated = "SELECT n FROM (SELECT n, MIN(n) OVER (PARTITION BY k) AS m FROM t) x WHERE m <> n";
        String numbers = String.join(", ", Sql.lines(source, repeated).lines().toList());
        if (!numbers.isEmpty()) {
            Sql.run(source, "DELETE FROM t WHERE n IN (" + numbers + ")");
        }
    }
}
