package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.h2.tools.Server;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The start of {@code drover run} over good routes, in surroundings that are not: one line, exit code 2. */
class StartTest {

    private static final Path CLEAN = Path.of("src/test/routes/lint/clean/orders.camel.yaml");
    private static final String GOOD = "id BIGINT PRIMARY KEY, customer VARCHAR(9)";

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
                    id BIGINT PRIMARY KEY, customers VARCHAR(9)      | :5: query: the page can not be read: Column "CUSTOMER" not found
                    """)
    void shouldRefuseTheTableWhenItDoesNotFit(String columns, String line) throws Exception {
        // When
        int exitCode = run(source(columns), store());

        // Then
        assertOneLine(exitCode, folder + "/orders.camel.yaml" + line);
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
                    jdbc:h2:mem:empty                    | /orders.camel.yaml:5: query: the page can not be read: Table "ORDERS" not found
                    jdbc:oracle:thin:@shop               | /application.properties:1: drover.source.url: no JDBC driver takes this URL
                    jdbc:postgresql://no.such.host.invalid/shop | /application.properties:1: drover.source.url: the database can not be reached
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
                            + " of 127.0.0.1 can not be opened");
        }
    }

    @Test
    void shouldNameThePipelineWhenItsCheckpointIsCorrupt() throws Exception {
        // Given
        run(source(GOOD), store());
        try (Connection store = DriverManager.getConnection("jdbc:h2:" + folder.resolve("store"), "drover", "")) {
            store.createStatement().execute("UPDATE drover_checkpoint SET cursor_json = '[{'");
        }

        // When
        int exitCode = run(source(GOOD), store());

        // Then
        assertOneLine(exitCode, folder + ": routes: the checkpoint of pipeline orders is corrupt");
    }

    private void assertOneLine(int exitCode, String begins) {
        assertThat(err.toString().lines()).singleElement().asString().startsWith(begins);
        assertThat(out.toString()).doesNotContain("Exception");
        assertThat(exitCode).isEqualTo(2);
    }

    private static String source(String columns) {
        return "drover.source.url = jdbc:h2:mem:;INIT=CREATE TABLE IF NOT EXISTS orders (" + columns + ")";
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
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("run", "--drain", "--routes", folder.toString());
    }
}
