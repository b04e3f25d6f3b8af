package dev.drover.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.rows.HighestKey;
import dev.drover.rows.Page;
import dev.drover.rows.TableReader;
import dev.drover.sql.TableFacts.Column;
import dev.drover.sql.TableFacts.Kind;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The catalog is believed only where it proves something, and only of the table that the name finds. */
@Integration
class TableFactsTest {

    @ParameterizedTest
    @EnumSource
    void shouldTellColumnsAndKeysWhenTheTableIsPlain(Engine engine) throws Exception {
        // Given
        Database database = engine.newDatabase();
        database.run(
                "CREATE TABLE parts (tenant INT NOT NULL, no BIGINT NOT NULL, name VARCHAR(20), PRIMARY KEY (tenant, no))",
                "CREATE UNIQUE INDEX parts_name ON parts (name)");

        // When
        TableFacts facts = facts(database, "parts").orElseThrow();

        // Then
        assertThat(facts.name()).isEqualTo("parts");
        assertThat(facts.kind()).isEqualTo(Kind.TABLE);
        assertThat(facts.primaryKey()).containsExactly("tenant", "no");
        assertThat(facts.columns()).extracting(Column::nullable).containsExactly(false, false, true);
        assertThat(facts.column("no").orElseThrow().collation()).isNull();
        assertThat(facts.column("name").orElseThrow().collation()).isNotNull();
        assertThat(facts.isUnique(List.of("no"))).isFalse();
        assertThat(facts.isUnique(List.of("no", "tenant"))).isTrue();
        assertThat(facts.isUnique(List.of("NAME", "no"))).isTrue();
    }

    @Test
    void shouldDemandTheSchemaWhenH2FindsTheTableBySearchPath() throws Exception {
        // Given
        Database database = Database.h2();
        database.run("CREATE SCHEMA other", "CREATE TABLE other.parts (no INT)", "CREATE TABLE here (no INT)");
        try (Connection connection = database.open()) {
            connection.createStatement().execute("SET SCHEMA_SEARCH_PATH other");

            // Then
            assertThatThrownBy(() -> TableFacts.of(connection, "parts"))
                    .hasMessage("'parts' is not in the current schema, and SCHEMA_SEARCH_PATH is not followed: write it"
                            + " with its schema");
            assertThat(TableFacts.of(connection, "other.parts")).isPresent();
            assertThat(TableFacts.of(connection, "here")).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindNothingWhenOnlyAnotherSchemaHasTheTable(Engine engine) throws Exception {
        // Given
        Database database = engine.newDatabase();
        String other = "elsewhere" + System.nanoTime();
        database.run("CREATE SCHEMA " + other, "CREATE TABLE " + other + ".orders (id INT PRIMARY KEY)");

        // When
        Optional<TableFacts> bare = facts(database, "orders");
        Optional<TableFacts> named = facts(database, other.toUpperCase(java.util.Locale.ROOT) + ".ORDERS");

        // Then
        assertThat(bare).isEmpty();
        assertThat(named.orElseThrow().fullName()).isEqualTo(other + ".orders");
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRES"})
    void shouldTellWhatATableIsWhenItIsNoPlainOne(Engine engine) throws Exception {
        // Given
        Database database = engine.newDatabase();
        database.run("CREATE TABLE base (id INT PRIMARY KEY)", "CREATE VIEW v AS SELECT * FROM base");

        // When
        TableFacts facts = facts(database, "v").orElseThrow();

        // Then
        assertThat(facts.kind()).isEqualTo(Kind.VIEW);
        assertThat(facts.keys()).isEmpty();
    }

    @Test
    void shouldTellWhatATableIsWhenPostgresHasIt() throws Exception {
        // Given
        Database database = Database.postgres();
        database.run(
                "CREATE EXTENSION file_fdw",
                "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
                "CREATE FOREIGN TABLE remote (id int NOT NULL) SERVER files OPTIONS (filename '/dev/null')",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent)",
                "CREATE TABLE days (at date, id int, PRIMARY KEY (at, id)) PARTITION BY RANGE (at)",
                "CREATE TABLE days_all PARTITION OF days DEFAULT",
                "CREATE MATERIALIZED VIEW snapshot AS SELECT id FROM parent",
                "CREATE UNIQUE INDEX ON snapshot (id)");

        // Then
        assertThat(facts(database, "remote").orElseThrow().kind()).isEqualTo(Kind.FOREIGN);
        assertThat(facts(database, "parent").orElseThrow().kind()).isEqualTo(Kind.PARENT);
        assertThat(facts(database, "parent").orElseThrow().isUnique(List.of("id")))
                .isFalse();
        assertThat(facts(database, "child").orElseThrow().isUnique(List.of("id")))
                .isTrue();
        assertThat(facts(database, "days").orElseThrow().kind()).isEqualTo(Kind.PARTITIONED);
        assertThat(facts(database, "days").orElseThrow().isUnique(List.of("at", "id")))
                .isTrue();
        assertThat(facts(database, "days_all").orElseThrow().kind()).isEqualTo(Kind.PARTITION);
        assertThat(facts(database, "snapshot").orElseThrow().isUnique(List.of("id")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE UNIQUE INDEX i ON t (a) WHERE b > 0 | covers only the rows of its WHERE",
                "CREATE UNIQUE INDEX i ON t (a, (b + 0)) | is of an expression",
                "ALTER TABLE t ADD CONSTRAINT i UNIQUE (a) DEFERRABLE | is deferrable",
                "CREATE UNIQUE INDEX i ON t (a, c text_ops) | compares by another rule than its column",
                "CREATE UNIQUE INDEX i ON t (a, d COLLATE \"C\") | compares by another rule than its column"
            })
    void shouldNotBelieveAnIndexWhenItDoesNotProveTheKey(String statement, String flaw) throws Exception {
        // Given
        Database database = Database.postgres();
        database.run(
                "CREATE EXTENSION IF NOT EXISTS citext",
                "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c citext NOT NULL, d text COLLATE loose NOT NULL)",
                statement);

        // When
        TableFacts facts = facts(database, "t").orElseThrow();

        // Then
        List<String> key = List.of("a", "b", "c", "d");
        assertThat(facts.isUnique(key)).isFalse();
        assertThat(facts.flaws(key)).isEqualTo("the unique index i " + flaw);
    }

    @Test
    void shouldNotBelieveAnIndexWhenItWasLeftInvalid() throws Exception {
        // Given
        Database database = Database.postgres();
        database.run("CREATE TABLE t (k int NOT NULL)", "INSERT INTO t VALUES (1), (1)");
        assertThatThrownBy(() -> database.run("CREATE UNIQUE INDEX CONCURRENTLY t_k ON t (k)"));

        // When
        TableFacts facts = facts(database, "t").orElseThrow();

        // Then
        assertThat(facts.isUnique(List.of("k"))).isFalse();
        assertThat(facts.flaws(List.of("k"))).contains("t_k is invalid");
    }

    @Test
    void shouldLeaveOutWhatAnIndexOnlyIncludes() throws Exception {
        // Given
        Database database = Database.postgres();
        database.run("CREATE TABLE t (a int NOT NULL, b int NOT NULL)", "CREATE UNIQUE INDEX ON t (a) INCLUDE (b)");

        // When
        TableFacts facts = facts(database, "t").orElseThrow();

        // Then
        assertThat(facts.isUnique(List.of("a"))).isTrue();
        assertThat(facts.isUnique(List.of("b"))).isFalse();
    }

    @Test
    void shouldTellTypeAndCollationWhenPostgresHasThem() throws Exception {
        // Given
        Database database = Database.postgres();
        database.run(
                "CREATE TYPE mood AS ENUM ('b', 'a')",
                "CREATE DOMAIN code AS varchar(9) NOT NULL",
                "CREATE DOMAIN short AS code",
                "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TABLE t (m mood, s short, l text COLLATE loose, c text COLLATE \"C\", p char(3), n numeric(9, 2)[])");

        // When
        TableFacts facts = facts(database, "t").orElseThrow();

        // Then
        assertThat(facts.columns())
                .extracting(Column::vendorType)
                .containsExactly("enum", "varchar", "text", "text", "bpchar", "_numeric");
        assertThat(facts.column("m").orElseThrow().declaration()).isEqualTo("mood");
        assertThat(facts.column("s").orElseThrow())
                .returns(false, Column::nullable)
                .returns("short", Column::declaration);
        assertThat(facts.column("l").orElseThrow().collation()).isEqualTo("loose");
        assertThat(facts.column("c").orElseThrow().collation()).isEqualTo("C");
        assertThat(facts.column("p").orElseThrow().collation()).isEqualTo("default");
    }

    @Test
    void shouldTellTypeCollationAndKindWhenMariaDbHasThem() throws Exception {
        // Given
        Database database = Database.mariaDb();
        database.run(
                "CREATE TABLE t (u INT UNSIGNED NOT NULL, a VARCHAR(9) COLLATE utf8mb4_general_ci NOT NULL,"
                        + " b VARCHAR(9) COLLATE utf8mb4_nopad_bin NOT NULL, e ENUM('x','a') NOT NULL,"
                        + " UNIQUE (a(3)), UNIQUE (b))",
                "CREATE TABLE v (id INT PRIMARY KEY) WITH SYSTEM VERSIONING",
                "CREATE TABLE one (id INT NOT NULL, KEY (id)) ENGINE = MyISAM",
                "CREATE TABLE many (id INT NOT NULL, UNIQUE (id)) ENGINE = MRG_MyISAM UNION = (one)",
                "CREATE VIEW w AS SELECT * FROM t");

        // When
        TableFacts facts = facts(database, "t").orElseThrow();

        // Then
        assertThat(facts.columns()).extracting(Column::vendorType).containsExactly("int", "varchar", "varchar", "enum");
        assertThat(facts.column("u").orElseThrow().declaration()).isEqualTo("int(10) unsigned");
        assertThat(facts.column("a").orElseThrow().collation()).isEqualTo("utf8mb4_general_ci");
        assertThat(facts.column("b").orElseThrow().collation()).isEqualTo("utf8mb4_nopad_bin");
        assertThat(facts.isUnique(List.of("a"))).isFalse();
        assertThat(facts.flaws(List.of("a"))).contains("is of the beginning of a column");
        assertThat(facts.isUnique(List.of("b"))).isTrue();
        assertThat(facts(database, "v").orElseThrow().kind()).isEqualTo(Kind.SYSTEM_VERSIONED);
        assertThat(facts(database, "many").orElseThrow().kind()).isEqualTo(Kind.FOREIGN);
        assertThat(facts(database, "w").orElseThrow().kind()).isEqualTo(Kind.VIEW);
    }

    @Test
    void shouldTellTypeCollationAndKindWhenH2HasThem() throws Exception {
        // Given
        Database database = Database.h2();
        database.run(
                "CREATE TABLE t (a VARCHAR_IGNORECASE(9) PRIMARY KEY, c CHAR(3) NOT NULL, d VARCHAR(9) NOT NULL)",
                "CREATE UNIQUE INDEX i ON t (c) INCLUDE (d)",
                "CREATE SYNONYM s FOR t",
                "CREATE LINKED TABLE l (NULL, '" + database.url().replace("'", "''") + "', 'drover', '', 't')");

        // When
        TableFacts facts = facts(database, "s").orElseThrow();

        // Then
        assertThat(facts.name()).isEqualTo("t");
        assertThat(facts.column("d").orElseThrow().collation()).isEqualTo("OFF");
        assertThat(facts.isUnique(List.of("c"))).isTrue();
        assertThat(facts.isUnique(List.of("d"))).isFalse();
        assertThat(facts(database, "l").orElseThrow().kind()).isEqualTo(Kind.FOREIGN);
    }

    @Test
    void shouldFindTheTableInAnyCaseAndRefuseWhenTwoAreMeant() throws Exception {
        // Given
        Database database = Database.postgres();
        database.run(
                "CREATE TABLE \"STUDENT\" (\"ID\" bigint PRIMARY KEY)",
                "CREATE TABLE teacher (id bigint PRIMARY KEY)",
                "CREATE TABLE \"TEACHER\" (id bigint PRIMARY KEY, extra int)",
                "CREATE TABLE \"my.dotted \"\"table\" (id bigint PRIMARY KEY)");

        // Then
        assertThat(facts(database, "student").orElseThrow().name()).isEqualTo("STUDENT");
        assertThat(facts(database, "STUDENT")
                        .orElseThrow()
                        .column("id")
                        .orElseThrow()
                        .name())
                .isEqualTo("ID");
        assertThat(facts(database, "\"student\"")).isEmpty();
        assertThat(facts(database, "teacher").orElseThrow().columns()).hasSize(1);
        assertThat(facts(database, "\"TEACHER\"").orElseThrow().columns()).hasSize(2);
        assertThat(facts(database, "\"my.dotted \"\"table\"")).isPresent();
        assertThatThrownBy(() -> facts(database, "TEACHER"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TEACHER or teacher");
    }

    @Test
    void shouldFindTheTemporaryTableWhenItShadows() throws Exception {
        // Given
        Database database = Database.postgres();
        database.run("CREATE TABLE orders (id int PRIMARY KEY)");
        try (Connection connection = database.open()) {
            connection.createStatement().execute("CREATE TEMP TABLE orders (id int)");

            // When
            TableFacts facts = TableFacts.of(connection, "orders").orElseThrow();

            // Then
            assertThat(facts.kind()).isEqualTo(Kind.TEMPORARY);
            assertThat(facts.isUnique(List.of("id"))).isFalse();
        }
    }

    @Test
    void shouldReadEveryRowWhenNamesAreInUpperCase() throws Exception {
        // Given
        Database database = Database.postgres();
        database.run(
                "CREATE TABLE \"STUDENT\" (\"CODE\" text PRIMARY KEY, \"NAME\" text)",
                "INSERT INTO \"STUDENT\" VALUES ('a', 'x'), ('B', 'y'), ('c', 'z')");
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.url());
        source.setUser(database.username());
        TableReader reader = new TableReader(source, "STUDENT", List.of("code"));

        // When
        Page first = reader.read(PageRequest.after(null, 2));
        Page second = reader.read(PageRequest.after(first.last(), 2));

        // Then
        assertThat(first.records()).hasSize(2);
        assertThat(second.records()).hasSize(1);
        try (Connection connection = database.open()) {
            assertThat(new HighestKey("student", List.of("CODE")).find(connection))
                    .isPresent();
        }
    }

    private static Optional<TableFacts> facts(Database database, String table) throws SQLException {
        try (Connection connection = database.open()) {
            return TableFacts.of(connection, table);
        }
    }
}
