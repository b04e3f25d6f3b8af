package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.cli.Main;
import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The start of {@code drover run} over good routes, in surroundings that are not: one line, exit code 2. */
@Integration
class StartTest {

    private static final Path CLEAN = Path.of("src/test/routes/lint/clean/orders.camel.yaml");
    private static final String GOOD = "id BIGINT PRIMARY KEY, customer VARCHAR(9)";

    private static final String TOKEN = "7f9c2ba4e88f827d616045507605853e";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void copyRoutes() throws IOException {
        Files.copy(CLEAN, folder.resolve(CLEAN.getFileName()));
    }

    @Test
    void shouldRunWhenEverythingIsThere() throws Exception {
        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    id BIGINT, customer VARCHAR(9), UNIQUE (id)      | :8: key: id may be NULL,
                    id BIGINT NOT NULL, customer VARCHAR(9)          | :8: key: id is not unique,
                    id BIGINT PRIMARY KEY, customers VARCHAR(9)      | :5: query: the page cannot be read: Column "CUSTOMER" not found
                    """)
    void shouldRefuseTheTableWhenItDoesNotFit(String columns, String line) throws Exception {
        // When
        int exitCode = run(source(columns), store());

        // Then
        assertOneLine(exitCode, folder + "/orders.camel.yaml" + line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    id                  | id > :#${variable.after} ORDER BY ordered_at             |          | needs ORDER BY id, the key columns themselves
                    NULLIF(id, 13) AS id | id > :#${variable.after} ORDER BY id                    |          | must select the key column id itself and once
                    id                  | id > :#${variable.after} OR status = 'draft' ORDER BY id |          | must compare the key columns themselves
                    id                  | id >= :#${variable.after} ORDER BY id                    |          | must compare the key columns themselves
                    id                  | 1 = 1 /* id > :#${variable.after} */ ORDER BY id         |          | needs the cursor: WHERE id > :#${variable.after}
                    id                  | id > :#${variable.after} AND id < :#${variable.upTo} ORDER BY id | | must read up to the bound and the row at it
                    id                  | id > :#${variable.after} ORDER BY id                     | OFFSET 1 | must ask for as many rows as the page has
                    """)
    void shouldRefuseTheSqlAsLintDoesWhenItPassesRowsOver(
            String column, String condition, @Nullable String tail, String why) throws Exception {
        // Given
        Path routes = folder.resolve("orders.camel.yaml");
        Files.writeString(
                routes,
                Files.readString(routes)
                        .replace("pageSize: 1000", "pageSize: 1")
                        .replace("SELECT id, customer", "SELECT " + column + ", customer")
                        .replace("id > :#${variable.after} ORDER BY id", condition)
                        .replace(
                                ":#${variable.pageSize}\"",
                                ":#${variable.pageSize} " + Objects.requireNonNullElse(tail, "") + "\""));

        // When
        int exitCode = run(
                source(GOOD + ", ordered_at TIME, status VARCHAR(9)")
                        + "\\; INSERT INTO orders (id\\, ordered_at) VALUES (1\\, '10:02:00')\\, (2\\, '10:01:00')",
                store());
        int lintExitCode = execute("lint", "--routes", folder.toString());

        // Then
        assertOneLine(exitCode, routes + ":17: query: " + why);
        assertThat(out.toString()).startsWith(err.toString());
        assertThat(lintExitCode).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    id > CAST(:#${variable.after} AS SMALLINT) | ''                          | :17: query: must compare the key columns themselves
                    id > :#${variable.after}                   | useMessageBodyForSql: true | useMessageBodyForSql: must not be true
                    id > :#${variable.after}                   | template.maxRows: 3        | template.maxRows: is not allowed
                    id > :#${variable.after}                   | outputType: StreamList     | outputType: is not allowed
                    id > :#${variable.after}                   | outputHeader: rows         | outputHeader: is not allowed
                    id > :#${variable.after}                   | noop: true                 | noop: is not allowed
                    """)
    void shouldRefuseTheSqlWhenItIsNotWhatIsRead(String condition, String option, String why) throws Exception {
        // Given
        Path routes = folder.resolve("orders.camel.yaml");
        String more = option.isEmpty() ? "" : "\n              " + option;
        Files.writeString(
                routes,
                Files.readString(routes)
                        .replace("id > :#${variable.after}", condition)
                        .replace(":#${variable.pageSize}\"", ":#${variable.pageSize}\"" + more));

        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains(why).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefuseTheKeyWhenItsOnlyUniqueIndexIsInvalid(boolean tableForm) throws Exception {
        // Given
        Database shop = Database.postgres();
        shop.run("CREATE TABLE orders (id INT NOT NULL, customer INT)", "INSERT INTO orders VALUES (1), (1), (1)");
        assertThatThrownBy(() -> shop.run("CREATE UNIQUE INDEX CONCURRENTLY orders_id ON orders (id)"));
        Path routes = folder.resolve("orders.camel.yaml");
        String step = Files.readString(routes);
        Files.writeString(
                routes,
                tableForm
                        ? step.replaceFirst("(?s) {8}- to:.*?(?= {8}- split:)", "")
                                .replace("key: id", "table: orders\n        key: id")
                        : step);

        // When
        int exitCode = run("drover.source.url = " + shop.url(), "drover.source.username = " + shop.username(), store());

        // Then
        assertOneLine(exitCode, routes + (tableForm ? ":9" : ":8") + ": key: id is not unique, ");
        assertThat(err.toString())
                .contains(
                        "(the unique index orders_id is invalid: drop it and create it again)",
                        "; CREATE UNIQUE INDEX ON public.orders (id), or name columns that are unique in key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    INTEGER ARRAY       | whose order in the database is not proven to match its values
                    TIME WITH TIME ZONE | whose order in the database is not proven to match its values
                    INTERVAL DAY        | whose order in the database is not proven to match its values
                    """)
    void shouldRefuseTheKeyWhenItsTypeCannotBeOne(String type, String why) throws Exception {
        // Given
        Path routes = folder.resolve("orders.camel.yaml");
        Files.writeString(routes, Files.readString(routes).replace("startAfter: \"0\"", "startAfter: \"'0'\""));

        // When
        int exitCode = run(source("id " + type + " PRIMARY KEY, customer VARCHAR(9)"), store());

        // Then
        assertOneLine(exitCode, routes + ":8: key: column ID is ");
        assertThat(err.toString()).contains(why, "; use a key of numbers, text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    reeder    | 'reeder' is not allowed, it must be one of reader, forwarder, all; did you mean reader
                    forwarder | 'forwarder' would run nothing: the pipelines are orders (reader)
                    """)
    void shouldRefuseTheRoleWhenItIsNoneOrHasNoPipeline(String role, String line) throws Exception {
        // When
        int exitCode = run(source(GOOD), store(), "drover.role = " + role);

        // Then
        assertOneLine(exitCode, folder + "/application.properties:3: drover.role: " + line);
    }

    @Test
    void shouldRefuseTheKeyWhenThePageHasNoSuchColumn() throws Exception {
        // Given
        Path routes = folder.resolve("orders.camel.yaml");
        Files.writeString(routes, Files.readString(routes).replace("key: id", "key: customr"));

        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertOneLine(
                exitCode,
                routes + ":8: key: 'customr' is not a column of the page; its columns are ID, CUSTOMER;"
                        + " did you mean CUSTOMER");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    jdbc:h2:mem:empty                    | /orders.camel.yaml:5: query: the page cannot be read: Table "ORDERS" not found
                    jdbc:oracle:thin:@shop               | /application.properties:1: drover.source.url: no JDBC driver takes this URL
                    jdbc:postgresql://no.such.host.invalid/shop | /application.properties:1: drover.source.url: the database cannot be reached
                    """)
    void shouldRefuseTheSourceWhenItCanNotBeRead(String url, String line) throws Exception {
        // When
        int exitCode = run("drover.source.url = " + url, store());

        // Then
        assertOneLine(exitCode, folder + line);
    }

    @Test
    void shouldWaitForTheSourceWhenItIsDown() throws Exception {
        // Given
        int port = freePort();
        String url =
                "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:shop;INIT=CREATE TABLE IF NOT EXISTS orders (" + GOOD + ")";

        // When
        try (Logs logs = new Logs()) {
            CompletableFuture<Integer> exitCode =
                    CompletableFuture.supplyAsync(() -> run("drover.source.url = " + url, store()));
            await().until(() -> !logs.warnings().isEmpty() || exitCode.isDone());
            Server server = Server.createTcpServer("-tcpPort", String.valueOf(port), "-ifNotExists")
                    .start();

            // Then
            assertThat(exitCode.join()).isZero();
            assertThat(logs.warnings()).anyMatch(line -> line.startsWith("source: the database does not answer"));
            server.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb"})
    void shouldWaitForTheSourceWhenAProxyClosesItsConnections(String driver) throws Exception {
        // Given
        try (ServerSocket proxy = new ServerSocket(0);
                Logs logs = new Logs()) {
            Thread closing = new Thread(() -> {
                while (!proxy.isClosed()) {
                    try {
                        proxy.accept().close();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            closing.start();
            String url = "jdbc:" + driver + "://127.0.0.1:" + proxy.getLocalPort() + "/shop";

            // When
            Thread running =
                    new Thread(() -> run("drover.source.url = " + url, store(), "drover.source.timeout = 1000"));
            running.start();
            await().until(() -> !logs.warnings().isEmpty() || !running.isAlive());

            // Then
            assertThat(logs.warnings()).first().asString().startsWith("source: the database does not answer");
            running.interrupt();
            running.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/dev/null/data/store", "file:/proc/nowhere/store;AUTO_SERVER=TRUE"})
    void shouldNameTheFolderOfTheStoreWhenItCannotBeWritten(String file) {
        // When
        int exitCode = run(source(GOOD), "drover.store.url = jdbc:h2:" + file);

        // Then
        String folderOfStore = file.replaceFirst("file:(.*)/store.*", "$1");
        assertOneLine(
                exitCode,
                folder + "/application.properties:2: drover.store.url: the folder " + folderOfStore
                        + " cannot be written; set DROVER_STORE_URL to a file in a folder that this user may write");
    }

    @Test
    void shouldNameTheTableWhenItsUserMayNotSelect() throws Exception {
        // Given
        Database shop = Database.postgres();
        String user = "nobody" + System.nanoTime();
        shop.run("CREATE TABLE orders (" + GOOD + ")", "CREATE ROLE " + user + " LOGIN");

        // When
        int exitCode = run("drover.source.url = " + shop.url(), "drover.source.username = " + user, store());

        // Then
        assertOneLine(
                exitCode, folder + "/orders.camel.yaml:5: query: the page cannot be read: ERROR: permission denied");
    }

    @Test
    void shouldRefuseTheReadStepWhenTheDriverDoesNotDescribeItsParameters() throws Exception {
        // Given
        Database shop = Database.postgres();
        shop.run("CREATE TABLE orders (" + GOOD + ")");

        // When
        int exitCode = run(
                "drover.source.url = " + shop.url() + "?preferQueryMode=simple",
                "drover.source.username = postgres",
                store());

        // Then
        assertOneLine(exitCode, folder + "/orders.camel.yaml:5: query: cannot be read with preferQueryMode=simple");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    startAfter: "'x'"              | text
                    startAfter: "0", until: "5.5"  | number that this type does not have
                    """)
    void shouldRefuseABoundWhenTheKeyCannotHaveIt(String options, String what) throws Exception {
        // Given
        Path routes = folder.resolve("orders.camel.yaml");
        Files.writeString(
                routes,
                Files.readString(routes)
                        .replace("startAfter: \"0\"", options.replace(", ", "\n        "))
                        .replace("variable.after} ORDER", "variable.after} AND id <= :#${variable.upTo} ORDER"));

        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertOneLine(
                exitCode,
                routes + ":8: key: column ID is BIGINT, but the key to begin after or to end at is a " + what);
    }

    @Test
    void shouldNameTheStoreWhenAnotherProcessHasItsFile() throws Exception {
        // Given
        Files.createFile(folder.resolve("store.mv.db"));
        try (var file = FileChannel.open(folder.resolve("store.mv.db"), StandardOpenOption.WRITE);
                var lock = file.lock()) {
            assertThat(lock.isValid()).isTrue();

            // When
            int exitCode = run(source(GOOD), "drover.store.url = jdbc:h2:" + folder.resolve("store"));

            // Then
            assertOneLine(exitCode, folder + "/application.properties:2: drover.store.url: the file is in use");
        }
    }

    @Test
    void shouldNameThePortWhenItIsInUse() throws Exception {
        // Given
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            // When
            int exitCode = run(
                    source(GOOD),
                    store(),
                    "camel.server.enabled = true",
                    "camel.server.host = 127.0.0.1",
                    "camel.server.port = " + used.getLocalPort());

            // Then
            assertOneLine(
                    exitCode,
                    folder + "/application.properties:5: camel.server.port: port " + used.getLocalPort()
                            + " of 127.0.0.1 cannot be opened");
        }
    }

    @Test
    void shouldNameEveryPipelineWhenItsCheckpointIsCorrupt() throws Exception {
        // Given
        Path other = folder.resolve("parcels.camel.yaml");
        Files.writeString(
                other,
                Files.readString(CLEAN)
                        .replace("id: orders", "id: parcels")
                        .replace("name: orders", "name: parcels")
                        .replace("deliver-orders", "deliver-parcels"));
        run(source(GOOD), store());
        change("UPDATE drover_checkpoint SET cursor_json = '[{'");

        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertThat(err.toString().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(
                        folder + "/orders.camel.yaml:7: name: the checkpoint of pipeline orders is corrupt"))
                .anyMatch(line -> line.startsWith(other + ":7: name: the checkpoint of pipeline parcels is corrupt"))
                .allMatch(line -> line.contains("drover checkpoint reset "));
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void shouldRefuseTheCheckpointWhenItIsBeyondTheTable() throws Exception {
        // Given
        Database shop = Database.h2().orders(1, 20);
        run(source(GOOD), store());
        change(
                "UPDATE drover_checkpoint SET cursor_json = '[{\"column\":\"id\",\"type\":\"long\",\"value\":\"5000\"}]'");

        // When
        int exitCode = run("drover.source.url = " + shop.url(), store());

        // Then
        assertOneLine(
                exitCode,
                folder + "/orders.camel.yaml:7: name: the checkpoint is beyond the table: it is at id=5000, and the"
                        + " highest key of orders is id=20");
    }

    @Test
    void shouldTellOfTheNewStoreWhenItHasNoTables() {
        // When
        try (Logs logs = new Logs()) {
            run(source(GOOD), store());
            run(source(GOOD), store());

            // Then
            String line = "the store jdbc:h2:" + folder.resolve("store") + " has no tables of Drover, they are"
                    + " created: every pipeline begins at its startAfter";
            assertThat(logs.count(line)).isEqualTo(1);
            assertThat(logs.warnings()).noneMatch(warning -> warning.startsWith(line));
        }
    }

    @Test
    void shouldRefuseTheStoreWhenItHasNoTablesAndNoneAreToBeMade() {
        // When
        int exitCode = run(source(GOOD), store(), "drover.store.create = false");

        // Then
        assertOneLine(
                exitCode,
                folder + "/application.properties:2: drover.store.url: the store jdbc:h2:" + folder.resolve("store")
                        + " has no tables of Drover, and drover.store.create is false");
    }

    @Test
    void shouldRunWhenTheStoreHasTablesAndNoneAreToBeMade() {
        // Given
        run(source(GOOD), store());

        // When
        int exitCode = run(source(GOOD), store(), "drover.store.create = false");

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    drover.deadletters.retention = soon | drover.deadletters.retention: 'soon' is not allowed; set 0
                    drover.deadletters.retention = -1d  | drover.deadletters.retention: '-1d' is not allowed; set 0
                    drover.deadletters.retention = 30   | drover.deadletters.retention: '30' is not allowed; set 0
                    drover.deadletters.limit = 101      | drover.deadletters.limit: '101' is not allowed; set a percentage
                    drover.deadletters.limit = half     | drover.deadletters.limit: 'half' is not allowed; set a percentage
                    drover.deadletters.payload = maybe  | maybe
                    drover.store.create = maybe         | maybe
                    """)
    void shouldRefuseTheSettingWhenItsValueIsNotAllowed(String setting, String named) {
        // When
        int exitCode = run(source(GOOD), store(), setting);

        // Then
        assertThat(err.toString().lines()).singleElement().asString().contains(named);
        assertThat(exitCode).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "no.such.host.invalid"})
    void shouldRefuseAManagementPortThatIsOpenToOthersWithoutAToken(String host) {
        // When
        int exitCode =
                run(source(GOOD), store(), "drover.management.enabled = true", "drover.management.host = " + host);

        // Then
        assertOneLine(
                exitCode,
                folder + ": drover.management.token: is needed, because drover.management.host " + host
                        + " is open to others");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "change-me",
                "Change-Me-Change-Me",
                "changeme-1234-5678-9012",
                "your_token_of_the_console",
                "a1b2c3d4e5f6g7h",
                "1111111111111111111111"
            })
    void shouldRefuseATokenThatCanBeGuessedWhenThePortIsOpenToOthers(String token) {
        // When
        int exitCode = run(
                source(GOOD),
                store(),
                "drover.management.enabled = true",
                "drover.management.host = 0.0.0.0",
                "drover.management.token = " + token);

        // Then
        assertOneLine(exitCode, folder + "/application.properties:5: drover.management.token: can be guessed");
        assertThat(err.toString()).doesNotContain(token);
    }

    @Test
    void shouldNameTheFileWhenTheTokenIsNotThere() {
        // When
        int exitCode = run(
                source(GOOD),
                store(),
                "drover.management.enabled = true",
                "drover.management.token = file:" + folder.resolve("nowhere"));

        // Then
        assertOneLine(
                exitCode,
                folder + "/application.properties:4: drover.management.token: there is no file "
                        + folder.resolve("nowhere"));
    }

    @Test
    void shouldRefuseAManagementPortThatIsThatOfTheRoutesToo() throws Exception {
        // Given
        int port = freePort();

        // When
        int exitCode = run(
                source(GOOD),
                store(),
                "drover.management.enabled = true",
                "drover.management.port = " + port,
                "camel.server.enabled = true",
                "camel.server.port = " + port);

        // Then
        assertOneLine(exitCode, folder + "/application.properties:4: drover.management.port: " + port);
    }

    @Test
    void shouldOpenTheManagementPortWhenThereIsAToken() throws Exception {
        // When
        int exitCode = run(
                source(GOOD),
                store(),
                "drover.management.enabled = true",
                "drover.management.host = 0.0.0.0",
                "drover.management.port = " + freePort(),
                "drover.management.token = file:" + Files.writeString(folder.resolve("token"), TOKEN + "\n"));

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
    }

    @Test
    void shouldLeaveTheManagementPortAloneWhenACommandWorksBesideTheProcessThatHasIt() throws Exception {
        // Given
        try (ServerSocket process = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            run(source(GOOD), store());
            Path settings = folder.resolve("application.properties");
            Files.writeString(
                    settings,
                    Files.readString(settings) + "drover.management.enabled = true\ndrover.management.port = "
                            + process.getLocalPort());

            // When
            Files.writeString(settings, "\ncamel.component.pages.mode = DRAIN\n", StandardOpenOption.APPEND);
            int exitCode = execute("dead-letters", "replay", "--all", "--routes", folder.toString());

            // Then
            assertThat(err.toString()).isEmpty();
            assertThat(exitCode).isZero();
        }
    }

    private void change(String sql) throws SQLException {
        try (Connection store = DriverManager.getConnection("jdbc:h2:" + folder.resolve("store"), "drover", "")) {
            store.createStatement().execute(sql);
        }
    }

    private void assertOneLine(int exitCode, String begins) {
        assertThat(err.toString().lines()).singleElement().asString().startsWith(begins);
        assertThat(out.toString()).doesNotContain("Exception");
        assertThat(exitCode).isEqualTo(2);
    }

    private static String source(String columns) {
        return "drover.source.url = jdbc:h2:mem:;INIT=CREATE TABLE IF NOT EXISTS orders (" + columns + ")";
    }

    @Test
    void shouldRefuseToDrainWhenNoPipelineRuns() throws Exception {
        // Given
        Path routes = folder.resolve("orders.camel.yaml");
        Files.writeString(
                routes,
                Files.readString(routes).replaceFirst("    id: orders\n", "    id: orders\n    autoStartup: false\n"));

        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertOneLine(exitCode, "drover: --drain: no pipeline runs, because autoStartup is false: orders");
    }

    @ParameterizedTest
    @CsvSource({
        "more.camel.yml, '', 'has routes and is not read'",
        "More.Camel.Yaml, '', 'has routes and is not read'",
        "more.camel.yaml.txt, '', 'has routes and is not read'",
        "more.yaml, '- route: {id: more}', 'has routes and is not read'",
        "application.yaml, '', 'is not read, settings must be in application.properties'",
        "Application.properties, '', 'is not read, settings must be in application.properties'"
    })
    void shouldRefuseAFileWhenItsNameKeepsItFromBeingRead(String name, String text, String why) throws Exception {
        // Given
        Files.writeString(folder.resolve(name), text);

        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertOneLine(exitCode, "drover: " + folder.resolve(name) + ": " + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing yet\n"})
    void shouldNameTheFileWhenItHasNoRoute(String text) throws Exception {
        // Given
        Files.writeString(folder.resolve("more.camel.yaml"), text);

        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertOneLine(exitCode, folder + "/more.camel.yaml:1: file: has no route; write one, or delete the file");
    }

    @Test
    void shouldRunAShortFormWhenItsOptionsAreInTheAddress() throws Exception {
        // Given
        Files.writeString(
                folder.resolve("orders.camel.yaml"),
                """
                - route:
                    id: orders
                    routeConfigurationId: records
                    from:
                      uri: kamelet:drover-follow-source?table=orders&pageSize=10
                      steps:
                        - to: kamelet:drover-http-sink?url={{drover.orders.url}}&batchSize=4
                """);

        // When
        int exitCode = run(source(GOOD), store(), "drover.source.promises = keysGrow");

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
    }

    private String store() {
        return "drover.store.url = jdbc:h2:" + folder.resolve("store");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private int run(String... settings) {
        String url = "drover.orders.url = http://127.0.0.1:1/orders";
        try {
            Files.write(
                    folder.resolve("application.properties"),
                    Stream.concat(Stream.of(settings), Stream.of(url)).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return execute("run", "--drain", "--routes", folder.toString());
    }

    private int execute(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
