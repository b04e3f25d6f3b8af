package dev.drover.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.drover.doctor.DoctorCheck.Verdict;
import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage;
import dev.drover.lint.LoadedRoutes;
import dev.drover.store.Checkpoints;
import dev.drover.store.Checkpoints.Claim;
import dev.drover.store.StoreSchema;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Integration
public class DoctorTest {

    private static final Claim CLAIM = new Claim("an earlier run", Duration.ofSeconds(30), true);

    private final Map<String, String> settings = new HashMap<>();
    private final List<String> methods = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private volatile int status = 200;
    private volatile String type = "application/json";

    @TempDir
    Path folder;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            methods.add(exchange.getRequestMethod());
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "H2, routes/orders.camel.yaml",
        "POSTGRES, routes/orders.camel.yaml",
        "MARIADB, routes/orders.camel.yaml",
        "H2, routes/examples/orders-table.camel.yaml",
        "POSTGRES, routes/examples/orders-table.camel.yaml",
        "MARIADB, routes/examples/orders-table.camel.yaml"
    })
    void shouldFindNothingFailedWhenAllIsRight(Engine engine, String file) throws Exception {
        // Given
        Database database = engine.newDatabase().orders(1, 2000);
        route(file, "", "");

        // When
        List<DoctorReport> reports = examine(database);

        // Then
        assertThat(reports).hasSize(2).noneMatch(DoctorReport::isFailed);
        DoctorReport report = reports.get(1);
        assertThat(report.sql()).contains("FROM ", "orders", " > ", " ORDER BY ", "LIMIT ");
        assertThat(report.plan()).isNotEmpty();
        assertThat(verdicts(report))
                .containsEntry("source", Verdict.OK)
                .containsEntry("key", Verdict.OK)
                .containsEntry("NULL keys", Verdict.OK)
                .containsEntry("index", Verdict.OK)
                .containsEntry("clock", Verdict.OK)
                .containsEntry("consistency", Verdict.OK)
                .containsEntry("destination", Verdict.OK);
        assertThat(check(report, "types").text()).contains("ordered_at");
        assertThat(check(report, "records").text()).isEqualTo("travel in slices");
        assertThat(methods).isNotEmpty().containsOnly("OPTIONS");
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailTheKeyAndTheIndexWhenItHasNeither(Engine engine) throws Exception {
        // Given
        Database database = engine.newDatabase().orders(1, 3000);
        database.run("CREATE TABLE bare AS SELECT * FROM orders");
        if (engine == Engine.MARIADB) {
            database.run("ALTER TABLE bare MODIFY id BIGINT NULL");
        }
        database.run("UPDATE bare SET id = NULL WHERE id = 7");
        route("routes/orders.camel.yaml", "FROM orders", "FROM bare");

        // When
        DoctorReport orders = examine(database).get(1);

        // Then
        assertThat(orders.isFailed()).isTrue();
        assertThat(verdicts(orders))
                .containsEntry("key", Verdict.FAILED)
                .containsEntry("NULL keys", Verdict.FAILED)
                .containsEntry("index", Verdict.FAILED);
        assertThat(orders.checks())
                .filteredOn(check -> check.verdict() == Verdict.FAILED)
                .allSatisfy(check -> assertThat(check.remedy()).isNotBlank());
    }

    @ParameterizedTest
    @EnumSource
    void shouldExplainWithTheCheckpointBoundWhenThereIsOne(Engine engine) throws Exception {
        // Given
        Database database = engine.newDatabase().orders(1, 2000);
        JdbcDataSource store = store();
        checkpoint(store, "orders", new Cursor(List.of("id"), List.of(1500L)));
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorReport orders = examine(database).get(1);

        // Then
        assertThat(orders.begins()).isEqualTo("id=1500");
        assertThat(check(orders, "checkpoint").text()).isEqualTo("goes on after id=1500");
        assertThat(orders.isFailed()).isFalse();
        assertThat(new Checkpoints(store).take("orders", List.of("id"), CLAIM).epoch())
                .isEqualTo(2);
    }

    @Test
    void shouldFailTheCheckpointWhenItIsBeyondTheTable() throws Exception {
        // Given
        Database database = Database.postgres().orders(1, 20);
        checkpoint(store(), "orders", new Cursor(List.of("id"), List.of(5000L)));
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorReport orders = examine(database).get(1);

        // Then
        DoctorCheck checkpoint = check(orders, "checkpoint");
        assertThat(checkpoint.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(checkpoint.text()).startsWith("is beyond the table: it is at id=5000");
        assertThat(checkpoint.remedy()).contains("drover checkpoint set orders KEY", "drover checkpoint reset orders");
    }

    @Test
    void shouldFailTheCheckpointWhenItIsOfAnotherKey() throws Exception {
        // Given
        Database database = Database.h2().orders(1, 20);
        checkpoint(store(), "orders", new Cursor(List.of("code"), List.of("x")));
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorReport orders = examine(database).get(1);

        // Then
        assertThat(check(orders, "checkpoint").verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void shouldWarnWhenTheDestinationAnswersWithAPage() throws Exception {
        // Given
        type = "text/html; charset=utf-8";
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorCheck destination = check(examine(Database.h2().orders(1, 20)).get(1), "destination");

        // Then
        assertThat(destination.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(destination.text()).contains("status 200 and an HTML page");
    }

    @ParameterizedTest
    @CsvSource({"401, WARNING", "403, WARNING", "404, WARNING", "405, OK", "501, OK", "301, WARNING", "503, WARNING"})
    void shouldJudgeTheDestinationByItsAnswer(int answered, Verdict verdict) throws Exception {
        // Given
        status = answered;
        Database database = Database.h2().orders(1, 20);
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorCheck destination = check(examine(database).get(1), "destination");

        // Then
        assertThat(destination.verdict()).isEqualTo(verdict);
        assertThat(destination.text()).contains("status " + answered);
    }

    @Test
    void shouldFailTheDestinationWhenNothingListens() throws Exception {
        // Given
        server.stop(0);
        Database database = Database.h2().orders(1, 20);
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorCheck destination = check(examine(database).get(1), "destination");

        // Then
        assertThat(destination.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(destination.text()).endsWith("connection refused");
    }

    @Test
    void shouldFailTheDestinationWhenItDoesNotSpeakTls() throws Exception {
        // Given
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerPlainly(plain));
            answering.start();
            settings.put("drover.orders.url", "https://127.0.0.1:" + plain.getLocalPort() + "/orders");
            route("routes/orders.camel.yaml", "", "");

            // When
            DoctorCheck destination = check(examine(Database.h2().orders(1, 20)).get(1), "destination");

            // Then
            assertThat(destination.verdict()).isEqualTo(Verdict.FAILED);
            // which of the two is seen depends on how soon the server closes
            assertThat(destination.text()).containsAnyOf("TLS", "cannot be reached");
        }
    }

    private static void answerPlainly(ServerSocket plain) {
        try (Socket socket = plain.accept()) {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldSayThatTheKeyIsNotCheckedWhenTheSqlJoins() throws Exception {
        // Given
        Database database = Database.h2().orders(1, 20);
        database.run("CREATE TABLE other (ref BIGINT)");
        route("routes/orders.camel.yaml", "FROM orders", "FROM orders JOIN other ON ref = id");

        // When
        DoctorReport orders = examine(database).get(1);

        // Then
        assertThat(check(orders, "key").verdict()).isEqualTo(Verdict.NOT_CHECKED);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameTheTablesThatNoPipelineReads(Engine engine) throws Exception {
        // Given
        Database database = engine.newDatabase().orders(1, 20);
        database.run(
                "CREATE TABLE items (ref BIGINT)" + (engine == Engine.POSTGRES ? " PARTITION BY HASH (ref)" : ""),
                "CREATE TABLE orders_changes (ref BIGINT)",
                "CREATE TABLE drover_items (ref BIGINT)",
                "CREATE VIEW orders_seen AS SELECT * FROM orders");
        if (engine == Engine.POSTGRES) {
            database.run("CREATE TABLE items_0 PARTITION OF items FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
        }
        route("routes/orders.camel.yaml", "", "");

        // When
        List<DoctorReport> reports = examine(database);

        // Then
        DoctorReport others = reports.get(reports.size() - 1);
        assertThat(others.isFailed()).isFalse();
        assertThat(check(others, "no pipeline").text()).matches("no pipeline reads [^, ]+\\.items");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayThatTheKeyIsUnprovenWhenAViewIsRead(Engine engine) throws Exception {
        // Given
        Database database = engine.newDatabase().orders(1, 20);
        database.run(
                "CREATE TABLE items (ref BIGINT)",
                "CREATE VIEW order_lines AS SELECT o.* FROM orders o LEFT JOIN items i ON i.ref = o.id");
        settings.put("drover.source.consistency", "STATIC");
        route("routes/orders.camel.yaml", "FROM orders", "FROM order_lines");

        // When
        DoctorReport orders = examine(database).get(1);

        // Then
        assertThat(check(orders, "key").verdict()).isEqualTo(Verdict.NOT_CHECKED);
        assertThat(check(orders, "key").text())
                .startsWith("unproven: ")
                .containsIgnoringCase("order_lines is a view, of which the catalog proves no key")
                .contains("two rows that share id halt the pipeline when the second is read");
    }

    @Test
    void shouldFailTheSourceWhenTheUserMayNotSelect() throws Exception {
        // Given
        Database database = Database.postgres().orders(1, 20);
        database.run("CREATE ROLE nobody" + System.nanoTime() + " LOGIN");
        settings.put(
                "drover.source.username",
                database.column("SELECT MAX(rolname) FROM pg_roles WHERE rolname LIKE 'nobody%'")
                        .get(0));
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorReport orders = examine(database).get(1);

        // Then
        assertThat(check(orders, "source").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(check(orders, "source").text()).contains("permission denied");
    }

    @Test
    void shouldFailTheSourceWhenThereIsNone() throws Exception {
        // Given
        settings.put("drover.source.url", "jdbc:postgresql://127.0.0.1:9/none");
        settings.put("drover.source.username", "none");
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorReport orders = examine(Database.h2()).get(1);

        // Then
        assertThat(check(orders, "source").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(check(orders, "source").remedy()).contains("DROVER_SOURCE_URL");
    }

    @Test
    void shouldRefuseTheKeyAndWarnOfATypeWhenOneIsMoneyAndOneIsOnlyText() throws Exception {
        // Given
        Database database = Database.postgres();
        database.run("CREATE TABLE odd (id MONEY PRIMARY KEY, place POINT)");
        route("routes/examples/orders-table.camel.yaml", "table: orders", "table: odd");

        // When
        DoctorReport odd = examine(database).get(1);

        // Then
        assertThat(odd.checks())
                .filteredOn(check -> check.name().equals("types"))
                .extracting(DoctorCheck::text)
                .anySatisfy(text -> assertThat(text).contains("place (point)"));
        assertThat(odd.checks())
                .contains(DoctorCheck.failed(
                        "key", "column id is money, whose text and value depend on lc_monetary", "make it numeric"));
    }

    @Test
    void shouldWarnOfDigitsWhenMariaDbHasAFloat() throws Exception {
        // Given
        Database database = Database.mariaDb();
        database.run("CREATE TABLE rates (id BIGINT PRIMARY KEY, rate FLOAT, exact DOUBLE)");
        route("routes/examples/orders-table.camel.yaml", "table: orders", "table: rates");

        // When
        DoctorReport rates = examine(database).get(1);

        // Then
        assertThat(check(rates, "types").text()).contains("six digits").endsWith("rate");
        assertThat(check(rates, "types").remedy()).contains("useServerPrepStmts=true");
    }

    @Test
    void shouldWarnOfTheClockWhenTheDatabaseIsBehind() throws Exception {
        // Given
        Database database = Database.mariaDb().orders(1, 2);
        long anHourAgo = System.currentTimeMillis() / 1000 - 3600;
        settings.put("drover.source.url", database.url() + "?sessionVariables=timestamp=" + anHourAgo);
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorCheck clock = check(examine(database).get(1), "clock");

        // Then
        assertThat(clock.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(clock.text()).matches("the database is 3[56]\\d\\d s behind this process; .*");
        assertThat(clock.remedy()).contains("NTP");
    }

    @Test
    void shouldWarnOfTheClockWhenTheSessionIsInAnotherTimeZone() throws Exception {
        // Given
        Database database = Database.h2().orders(1, 2);
        settings.put("drover.source.url", database.url() + ";TIME ZONE=+05:45");
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorCheck clock = check(examine(database).get(1), "clock");

        // Then
        assertThat(clock.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(clock.text()).startsWith("time zone +05:45 in the database's session, ");
        assertThat(clock.remedy()).contains("TZ");
    }

    @Test
    void shouldWarnOfTheStoreWhenItLosesCommits() throws Exception {
        // Given
        settings.put("drover.store.url", "jdbc:h2:file:" + folder.resolve("lazy"));
        route("routes/orders.camel.yaml", "", "");

        // When
        DoctorReport store = examine(Database.h2().orders(1, 2)).get(0);

        // Then
        assertThat(check(store, "durability").verdict()).isEqualTo(Verdict.WARNING);
        assertThat(check(store, "durability").remedy()).contains("WRITE_DELAY=0");
        assertThat(folder.resolve("lazy.mv.db")).doesNotExist();
    }

    private List<DoctorReport> examine(Database database) {
        settings.putIfAbsent("drover.source.url", database.url());
        settings.putIfAbsent("drover.source.username", database.username());
        settings.putIfAbsent("drover.source.consistency", database.exact());
        settings.putIfAbsent("drover.source.promises", "keysGrow");
        settings.putIfAbsent("drover.store.url", "jdbc:h2:file:" + folder.resolve("store") + ";WRITE_DELAY=0");
        settings.putIfAbsent(
                "drover.orders.url", "http://127.0.0.1:" + server.getAddress().getPort() + "/orders");
        try (LoadedRoutes routes = LoadedRoutes.open(RoutesFolder.open(folder), settings)) {
            return Doctor.examine(routes);
        }
    }

    private void route(String file, String old, String replacement) throws IOException {
        String text = Files.readString(Path.of(file));
        assertThat(text).contains(old);
        Files.writeString(folder.resolve(Path.of(file).getFileName()), text.replace(old, replacement));
    }

    private JdbcDataSource store() {
        JdbcDataSource store = new JdbcDataSource();
        store.setURL("jdbc:h2:file:" + folder.resolve("store") + ";WRITE_DELAY=0");
        store.setUser("drover");
        return store;
    }

    private static void checkpoint(JdbcDataSource store, String pipeline, Cursor cursor) {
        StoreSchema.migrate(store);
        new Checkpoints(store).take(pipeline, cursor.columns(), CLAIM).settle(List.of(new SettledPage(cursor, 1)));
    }

    private static DoctorCheck check(DoctorReport report, String name) {
        return report.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Verdict> verdicts(DoctorReport report) {
        Map<String, Verdict> verdicts = new HashMap<>();
        report.checks().forEach(check -> verdicts.put(check.name(), check.verdict()));
        return verdicts;
    }
}
