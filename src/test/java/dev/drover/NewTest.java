package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.cli.Main;
import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code drover new} writes, in every consistency mode: lint has nothing to say, and every row is delivered. */
@Integration
class NewTest {

    private static final String BY_ID = "id BIGINT PRIMARY KEY, tenant VARCHAR(9) NOT NULL";
    private static final String BY_TENANT = "id BIGINT, tenant VARCHAR(9) NOT NULL, PRIMARY KEY (tenant, id)";
    private static final String BY_TRANSACTION =
            BY_ID + ", written_by xid8 NOT NULL DEFAULT pg_current_xact_id(), UNIQUE (written_by, id)";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Receiver receiver;

    enum Source {
        H2,
        POSTGRES,
        MARIADB;

        Database database() {
            return switch (this) {
                case H2 -> Database.h2();
                case POSTGRES -> Database.postgres();
                case MARIADB -> Database.mariaDb();
            };
        }
    }

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @ParameterizedTest
    @CsvSource({
        "H2, SESSIONS, BY_ID, SESSIONS, short",
        "H2, SESSIONS, BY_TENANT, SESSIONS, long",
        "H2, AUTO, BY_ID, SESSIONS, short",
        "POSTGRES, LOCK, BY_ID, LOCK, short",
        "POSTGRES, LOCK, BY_TENANT, LOCK, long",
        "POSTGRES, AUTO, BY_TRANSACTION, XID, short",
        "POSTGRES, LAG, BY_TENANT, LAG, long",
        "MARIADB, LOCK, BY_ID, LOCK, short",
        "MARIADB, LOCK, BY_TENANT, LOCK, long",
        "MARIADB, STATIC, BY_TENANT, STATIC, long"
    })
    void shouldDeliverEveryRowWhenTheFileIsRunAsItIs(
            Source source, String mode, String columns, String chosen, String form) throws Exception {
        // Given
        Database database = source.database();
        database.run(
                "CREATE TABLE parts (" + columns(columns) + ")",
                "INSERT INTO parts (id, tenant) SELECT x, CONCAT('t ', MOD(x, 3)) FROM " + database.rows(1, 250));
        settings(database, mode, "keysGrow");

        // When
        int written = form.equals("long")
                ? drover("new", "fresh", "--table", "parts", "--url", receiver.url(), "--long")
                : drover("new", "fresh", "--table", "parts", "--url", receiver.url());
        shorten(folder.resolve("fresh.camel.yaml"), mode);
        int linted = drover("lint");
        int run;
        boolean said;
        try (Logs logs = new Logs()) {
            run = drover("run", "--drain");
            said = logs.says("consistency " + chosen);
        }

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(List.of(written, linted, run)).containsOnly(0);
        assertThat(out.toString().lines().toList().get(0)).startsWith("wrote " + folder.resolve("fresh.camel.yaml"));
        assertThat(out.toString().lines().toList().get(1))
                .startsWith("fresh: 250 rows, " + (form.equals("long") ? "13 pages of 20" : "1 batch (1 of 250)"));
        assertThat(receiver.accepted()).hasSize(250);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(said).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteAPipelineForEachTableThatHasAKey(Source source) throws Exception {
        // Given
        Database database = source.database();
        database.run(
                "CREATE TABLE shop_orders (" + BY_ID + ")",
                "CREATE TABLE shop_items (" + BY_ID + ")",
                "CREATE TABLE shop_log (line VARCHAR(20))",
                "CREATE TABLE other (" + BY_ID + ")");
        settings(database, "AUTO", "keysGrow");

        // When
        int written = drover("new", "--tables", "shop_*", "--url", receiver.url() + "/{table}");
        int again = drover("new", "--tables", "shop_*", "--url", receiver.url() + "/{table}");
        int linted = drover("lint");

        // Then
        assertThat(List.of(written, again, linted)).containsExactly(0, 2, 0);
        assertThat(out.toString().lines().toList()).satisfies(lines -> {
            assertThat(lines.get(0)).isEqualTo("wrote " + folder.resolve("shop-items.camel.yaml"));
            assertThat(lines.get(1)).startsWith("left out ").contains("shop_log: --table: ");
            assertThat(lines.get(2)).isEqualTo("wrote " + folder.resolve("shop-orders.camel.yaml"));
            assertThat(lines.get(3)).contains("is there already");
        });
        assertThat(Files.readString(folder.resolve("shop-items.camel.yaml")))
                .containsIgnoringCase("url: \"{{drover.shop-items.url:" + receiver.url() + "/shop_items}}\"");
        assertThat(folder.resolve("other.camel.yaml")).doesNotExist();
    }

    @Test
    void shouldSayWhatIsMissingWhenNoTableIsLikeIt() throws Exception {
        // Given
        settings(Source.H2.database(), "AUTO", "");

        // When
        int none = drover("new", "--tables", "nosuch.*", "--url", receiver.url());
        int both = drover("new", "fresh", "--tables", "x*", "--url", receiver.url());
        int nameless = drover("new", "--table", "parts", "--url", receiver.url());

        // Then
        assertThat(List.of(none, both, nameless)).containsOnly(2);
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("the source has no table like nosuch.*"),
                        line -> assertThat(line).contains("--tables: takes no NAME, --table, --key and --out"),
                        line -> assertThat(line).contains("NAME: is needed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    H2       | (SESSIONS needs keys that grow in the order of the INSERTs, but parts.id has no default)
                    POSTGRES | (LOCK needs keys that grow in the order of the INSERTs, but parts.id has no default)
                    MARIADB  | AUTO finds no exact way, and rows that are committed late would be passed over; set consistency to LOCK (
                    """)
    void shouldRefuseToDrainWhenNothingProvesThatNoLateRowIsMissed(Source source, String words) throws Exception {
        // Given
        Database database = source.database();
        database.run("CREATE TABLE parts (" + BY_ID + ")", "INSERT INTO parts VALUES (2, 't')");
        settings(database, "AUTO", "");

        // When
        int written = drover("new", "fresh", "--table", "parts", "--url", receiver.url());
        int run = drover("run", "--drain");

        // Then
        assertThat(List.of(written, run)).containsExactly(0, 2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains(words, "set consistency to ", "LAG (best effort) or STATIC (nobody inserts meanwhile)");
        assertThat(receiver.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"H2, VIEW, short", "POSTGRES, VIEW, long", "POSTGRES, MATERIALIZED VIEW, short", "MARIADB, VIEW, short"
    })
    void shouldDeliverEveryRowOfAViewWhenTheUserNamesItsKey(Source source, String kind, String form) throws Exception {
        // Given
        view(source, kind, "x");

        // When
        String[] words = {"fresh", "--table", "parts", "--key", "tenant,id", "--url", receiver.url(), "--long"};
        int written = drover("new", Arrays.copyOf(words, form.equals("long") ? 8 : 7));
        int linted = drover("lint");
        int run = drover("run", "--drain");

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(List.of(written, linted, run)).containsOnly(0);
        assertThat(receiver.accepted()).hasSize(250);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldHaltBeforeARowIsPassedOverWhenTheKeyOfAViewIsNone() throws Exception {
        // Given
        view(Source.H2, "VIEW", "x / 2");

        // When
        int written = drover("new", "fresh", "--table", "parts", "--key", "id", "--url", receiver.url());
        int run;
        boolean said;
        try (Logs logs = new Logs()) {
            run = drover("run", "--drain");
            said = logs.says("two rows have the same key");
        }

        // Then
        assertThat(List.of(written, run)).containsExactly(0, 1);
        assertThat(said).isTrue();
        assertThat(receiver.requests()).isEmpty();
    }

    private void view(Source source, String kind, String id) throws Exception {
        Database database = source.database();
        database.run(
                "CREATE TABLE base (id BIGINT, tenant VARCHAR(9))",
                "INSERT INTO base SELECT " + id + ", CONCAT('t ', MOD(x, 3)) FROM " + database.rows(1, 250),
                "CREATE " + kind + " parts AS SELECT id, tenant FROM base");
        settings(database, "STATIC", "");
    }

    /** The lag of ten seconds is too long for a test. */
    private static void shorten(Path file, String mode) throws Exception {
        if (mode.equals("LAG")) {
            Files.writeString(file, Files.readString(file).replaceFirst("( +)pageSize:", "$1lag: 300\n$0"));
        }
    }

    private static String columns(String name) {
        return switch (name) {
            case "BY_ID" -> BY_ID;
            case "BY_TENANT" -> BY_TENANT;
            default -> BY_TRANSACTION;
        };
    }

    private void settings(Database database, String mode, String promises) throws Exception {
        Files.write(
                folder.resolve("application.properties"),
                List.of(
                        "drover.source.url = " + database.url(),
                        "drover.source.username = " + database.username(),
                        "drover.source.consistency = " + mode,
                        "drover.source.promises = " + promises,
                        "drover.store.url = jdbc:h2:" + folder.resolve("store"),
                        "drover.fresh.pageSize = 20"));
    }

    private int drover(String command, String... arguments) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--routes", folder.toString()));
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.toArray(String[]::new));
    }
}
