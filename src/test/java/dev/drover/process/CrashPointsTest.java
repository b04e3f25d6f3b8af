package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Fault;
import dev.drover.testing.Receiver;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that ends at the first, then at the second, third … time it comes to a point, until one passes them all.
 * (The crash test of SQLite, "crash at the n-th write", with points of our own.)
 */
class CrashPointsTest {

    private static final int ORDERS = 240;
    private static final int WINDOW = 120;

    @TempDir
    Path folder;

    private Receiver receiver;
    private OrdersServer source;

    @BeforeEach
    void start() throws Exception {
        receiver = Receiver.start("id");
        receiver.fails(Fault.rejectRecords(422, 83, 187));
        source = new OrdersServer(folder, ORDERS);
        copyRoutes();
    }

    @AfterEach
    void stop() {
        source.close();
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingWhenItEndsAtEachTimeOfAPoint(CrashPoint point) throws Exception {
        // When
        int crashes = 0;
        while (run(point, crashes + 1) == CrashingDataSource.CRASHED) {
            crashes++;
            assertNothingIsPassedUnsettled();
        }

        // Then
        assertThat(crashes).as("crashes at " + point).isPositive();
        assertThat(receiver.accepted()).hasSize(ORDERS - 2).doesNotContainKeys("83", "187");
        assertThat(stored("SELECT record_key FROM drover_dead_letter")).hasSize(2);
        assertThat(checkpoint()).isEqualTo(ORDERS);
        assertThat(receiver.duplicates()).hasSizeLessThanOrEqualTo(crashes * WINDOW);
    }

    /** The checkpoint is never ahead of what was delivered or is durably set aside. */
    private void assertNothingIsPassedUnsettled() throws SQLException {
        int deadLetters = stored("SELECT record_key FROM drover_dead_letter").size();
        long passed = checkpoint();
        long delivered = receiver.accepted().keySet().stream()
                .filter(id -> Long.parseLong(id) <= passed)
                .count();
        assertThat(delivered + deadLetters).isGreaterThanOrEqualTo(passed);
    }

    private int run(CrashPoint point, int time) throws Exception {
        String classPath = String.join(
                File.pathSeparator,
                Path.of("target/classes").toAbsolutePath().toString(),
                Path.of("target/test-classes").toAbsolutePath().toString(),
                Path.of("target/lib").toAbsolutePath() + "/*");
        Map<String, String> environment = source.environment(receiver.url());
        environment.put("DROVER_ORDERS_PAGESIZE", "60");
        environment.put("DROVER_ORDERS_BATCHSIZE", "20");
        environment.put("DROVER_ORDERS_MAXINFLIGHT", Integer.toString(WINDOW));
        List<String> arguments = List.of(
                "-cp",
                classPath,
                "-Dcrash.at=" + point,
                "-Dcrash.time=" + time,
                "dev.drover.Main",
                "run",
                "--drain",
                "--routes",
                folder.resolve("routes").toString());
        return DroverProcess.start(folder, environment, arguments).await();
    }

    private void copyRoutes() throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> files = Files.list(DroverProcess.ROUTES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file)
                        .replace("dev.drover.pages.DatabasePool", CrashingDataSource.class.getName());
                Files.writeString(routes.resolve(file.getFileName()), text);
            }
        }
    }

    private long checkpoint() throws SQLException {
        List<String> settled = stored("SELECT settled FROM drover_checkpoint");
        return settled.isEmpty() ? 0 : Long.parseLong(settled.get(0));
    }

    private List<String> stored(String query) throws SQLException {
        String url = "jdbc:h2:file:" + folder.resolve("data/store") + ";AUTO_SERVER=TRUE";
        try (Connection store = DriverManager.getConnection(url, "drover", "");
                ResultSet rows = store.createStatement().executeQuery(query)) {
            Stream.Builder<String> lines = Stream.builder();
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
            return lines.build().toList();
        }
    }
}
