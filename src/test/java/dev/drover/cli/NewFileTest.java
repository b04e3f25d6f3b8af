package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.folder.BadInputException;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** New pipelines, run to their end by the real application. */
@Integration
class NewFileTest {

    private Receiver receiver;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        receiver = Receiver.start("tenant", "id");
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEveryRowWhenTheKeyIsThePrimaryKey(Engine engine) {
        // Given
        Database database = engine.newDatabase();
        database.run(
                "CREATE TABLE invoices (tenant VARCHAR(20) NOT NULL, id BIGINT PRIMARY KEY, amount NUMERIC(12, 2))",
                "INSERT INTO invoices SELECT 't', x, 1.50 FROM " + database.rows(1, 250),
                "UPDATE invoices SET id = -2 WHERE id = 1");

        // When
        run(database, "invoices", List.of());

        // Then
        assertThat(receiver.accepted()).hasSize(250).containsKeys("t/-2", "t/250");
        assertThat(receiver.duplicates()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEveryRowWhenTheKeyIsComposite(Engine engine) {
        // Given
        Database database = engine.newDatabase();
        database.run(
                "CREATE TABLE parts (id INT NOT NULL, tenant VARCHAR(20) NOT NULL, amount NUMERIC(12, 2),"
                        + " PRIMARY KEY (tenant, id))",
                "INSERT INTO parts SELECT x, CONCAT('tenant ', MOD(x, 3)), 1.50 FROM " + database.rows(1, 250));

        // When
        String text = run(database, "parts", List.of());

        // Then
        assertThat(receiver.accepted()).hasSize(250);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(text).contains("key: \"tenant,id\"");
    }

    @ParameterizedTest
    @CsvSource({
        "H2, UUID, RANDOM_UUID()",
        "POSTGRES, UUID, gen_random_uuid()",
        "MARIADB, UUID, UUID()",
        "POSTGRES, TIMESTAMPTZ, now() + x * interval '1 second'",
        "POSTGRES, DATE, DATE '1960-01-01' + x",
        "MARIADB, DATETIME(6), NOW(6) + INTERVAL x SECOND",
        "H2, VARCHAR(20), CAST(x AS VARCHAR)",
        "H2, 'NUMERIC(20, 4)', x / 10.0"
    })
    void shouldDeliverEveryRowWhenTheKeyIsOfThisType(Engine engine, String type, String value) {
        // Given
        Database database = engine.newDatabase();
        database.run(
                "CREATE TABLE typed (ref " + type + " PRIMARY KEY, id BIGINT, tenant VARCHAR(20))",
                "INSERT INTO typed SELECT " + value + ", x, 't' FROM " + database.rows(1, 120));

        // When
        run(database, "typed", List.of());

        // Then
        assertThat(receiver.accepted()).hasSize(120);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldQuoteWhatIsReservedOrMixedWhenNamesNeedIt() {
        // Given
        Database database = Database.postgres();
        database.run(
                "CREATE TABLE \"order\" (\"orderId\" BIGINT PRIMARY KEY, \"user\" VARCHAR(20), id BIGINT, tenant INT)",
                "INSERT INTO \"order\" SELECT x, 'somebody', x, 1 FROM " + database.rows(1, 50));

        // When
        String text = run(database, "order", List.of());

        // Then
        assertThat(receiver.accepted()).hasSize(50);
        assertThat(text).contains("table: \"order\"", "key: \"orderId\"");
    }

    @Test
    void shouldKeepIdsAndDescriptionsShortWhenTheNameIsLong() {
        // Given
        Database database = Database.h2().orders(1, 1);

        // When
        String text = text(database, new NewPipeline("a23456789b23456789c23456", "orders", List.of(), receiver.url()));

        // Then
        assertThat(text.lines()
                        .map(line -> line.strip().replace("\"", ""))
                        .filter(line -> line.matches("(- )?(id|description): .*")))
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line.substring(line.indexOf(": ") + 2)).hasSizeLessThanOrEqualTo(40));
        assertThat(text)
                .doesNotContain("@")
                .contains("table: \"orders\"")
                .contains("pageSize: \"{{drover.a23456789b23456789c23456.pageSize:1000}}\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CREATE TABLE t (id BIGINT)                                  |    | no primary key and no unique index
                    CREATE TABLE t (id BIGINT UNIQUE)                           | id | may have NULL
                    CREATE TABLE t (id BIGINT NOT NULL)                         | id | rows that share a key would be skipped
                    CREATE TABLE t (id DOUBLE PRECISION PRIMARY KEY)            |    | cannot be a cursor
                    CREATE TABLE t (id BIGINT[] PRIMARY KEY)                    |    | cannot be a cursor: column id is _int8
                    CREATE TABLE t (id INTERVAL PRIMARY KEY)                    |    | cannot be a cursor: column id is interval
                    CREATE TABLE t (id BIGINT PRIMARY KEY)                      | no | has no column no; it has id
                    CREATE VIEW t AS SELECT 1 AS id                             |    | --key: t is a view, of which the catalog proves no key; name the columns that no two of its rows share and that are never NULL, such as --key id
                    CREATE MATERIALIZED VIEW t AS SELECT 1 AS id                |    | --key: t is a materialized view, of which
                    CREATE VIEW t AS SELECT 1 AS id                             | no | has no column no; it has id
                    CREATE VIEW t AS SELECT ARRAY[1] AS id                      | id | cannot be a cursor: column id is _int4
                    """)
    void shouldRefuseWhenTheTableHasNoSuchKey(String table, String key, String reason) {
        // Given
        Database database = Database.postgres();
        database.run(table);
        List<String> wished = key == null ? List.of() : List.of(key);

        // Then
        assertThatThrownBy(() -> text(database, new NewPipeline("t", "t", wished, receiver.url())))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"'order items', id", "items, item-no"})
    void shouldNameTheLongFormWhenANameCannotStandInTheShortOne(String table, String key) {
        // Given
        Database database = Database.postgres();
        database.run("CREATE TABLE \"" + table + "\" (\"" + key + "\" BIGINT PRIMARY KEY)");

        // Then
        assertThatThrownBy(() -> text(database, new NewPipeline("t", table, List.of(), receiver.url()), false))
                .isInstanceOf(BadInputException.class)
                .hasMessageEndingWith("; add --long");
    }

    @Test
    void shouldNameAFolderOfTheUsersOwnWhenTheFolderHasTheShippedPipeline() {
        assertThatThrownBy(() -> NewFile.in(Path.of("routes"), "invoices"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("name a folder of yours, such as --routes shop");
        assertThat(NewFile.in(folder, "invoices")).isEqualTo(folder.resolve("invoices.camel.yaml"));
    }

    @Test
    void shouldNotOverwriteWhenTheFileIsThere() {
        // Given
        Path file = folder.resolve("new/orders.camel.yaml");
        NewFile.write("first", file);

        // Then
        assertThatThrownBy(() -> NewFile.write("second", file)).hasMessageContaining("not overwritten");
        assertThat(file).hasContent("first");
    }

    private String run(Database database, String table, List<String> key) {
        String text = text(database, new NewPipeline("fresh", table, key, receiver.url()));
        try (Drover drover = Drover.reading(database)) {
            drover.file(new RouteFile("fresh.camel.yaml", text)).draining().set("drover.fresh.pageSize", 20);
            drover.run();
        }
        return text;
    }

    private String text(Database database, NewPipeline pipeline) {
        return text(database, pipeline, true);
    }

    private String text(Database database, NewPipeline pipeline, boolean full) {
        return NewFile.text(
                pipeline,
                full,
                folder,
                Map.of("drover.source.url", database.url(), "drover.source.username", database.username()));
    }
}
