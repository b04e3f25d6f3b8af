package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that ends at the first, then at the second, third … time it comes to a point, until one passes them all; the
 * short form ends it twice.
 * (The crash test of SQLite, "crash at the n-th write", with points of our own.)
 */
@Integration
class CrashPointsTest {

    private static final int ORDERS = 240;
    private static final int WINDOW = 120;

    private static final String PARKING =
            """
            - beans:
                - name: tenants
                  type: dev.drover.delivery.Destination
                  properties:
                    parkAfter: 200ms
            - route:
                id: orders
                routeConfigurationId: records
                from:
                  uri: kamelet:drover-follow-source
                  parameters:
                    table: orders
                    pageSize: 60
                    maxInFlight: 120
                  steps:
                    - to:
                        uri: kamelet:drover-http-sink
                        parameters:
                          url: "{{drover.orders.url}}/${body[customer]}"
                          batchSize: 6
                          destination: tenants
            """;

    @TempDir
    Path folder;

    private Receiver receiver;
    private OrdersServer source;
    private Path crashing;

    @BeforeEach
    void start() throws Exception {
        receiver = Receiver.start("id");
        receiver.fails(Fault.rejectRecords(422, 83, 187));
        source = new OrdersServer(folder, ORDERS);
        copyRoutes();
        crashing = jar(CrashingDataSource.class, CrashPoint.class);
    }

    @AfterEach
    void stop() {
        source.close();
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_NONE,
            names = {"DEAD_LETTER_REMOVED", "PARKED.*"})
    void shouldLoseNothingWhenItEndsAtTheFirstTimesOfAPoint(CrashPoint point) throws Exception {
        crash(point, 2);
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_NONE,
            names = {"DEAD_LETTER_REMOVED", "PARKED.*"})
    void shouldLoseNothingWhenItEndsAtEachTimeOfAPoint(CrashPoint point) throws Exception {
        crash(point, Integer.MAX_VALUE);
    }

    private void crash(CrashPoint point, int most) throws Exception {
        // When
        int crashes = 0;
        while (run(point, crashes < most ? crashes + 1 : Integer.MAX_VALUE, "run", "--drain")
                == CrashingDataSource.CRASHED) {
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

    @Test
    void shouldLoseNothingWhenAReplayEndsInTheMiddleOfABatch() throws Exception {
        // Given
        receiver.fails(Fault.rejectRecords(422, 83, 100, 101, 187));
        int drained = run(CrashPoint.DEAD_LETTER_REMOVED, 1, "run", "--drain");
        receiver.fails(Fault.none());

        // When
        int crashes = 0;
        while (run(CrashPoint.DEAD_LETTER_REMOVED, 2, "dead-letters", "replay", "--reread", "--all")
                == CrashingDataSource.CRASHED) {
            crashes++;
            assertThat(deadLettered()).hasSize(4 - 2 * crashes);
            assertThat(Stream.concat(receiver.accepted().keySet().stream(), deadLettered().stream()))
                    .contains("83", "100", "101", "187");
            change("UPDATE drover_dead_letter SET replayed_until = NULL"); // as if its claim had ended
        }

        // Then
        assertThat(drained).isZero();
        assertThat(crashes).isEqualTo(2);
        assertThat(deadLettered()).isEmpty();
        assertThat(receiver.accepted()).hasSize(ORDERS);
        assertThat(checkpoint()).isEqualTo(ORDERS);
    }

    @Test
    void shouldKeepTheOrderOfAnAddressWhenItEndsBeforeParkedRecordsAreSettled() throws Exception {
        crashParked(CrashPoint.PARKED, 1);
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = "PARKED.*")
    void shouldKeepTheOrderOfAnAddressWhenItEndsWhileRecordsAreParked(CrashPoint point) throws Exception {
        crashParked(point, 3);
    }

    private void crashParked(CrashPoint point, int most) throws Exception {
        // Given
        source.run("UPDATE orders SET customer = CONCAT('t', MOD(id, 5))");
        Files.writeString(folder.resolve("routes/orders.camel.yaml"), PARKING);

        // When
        int crashes = 0;
        do {
            receiver.fails(deadTwice());
        } while (run(point, crashes < most ? ++crashes : Integer.MAX_VALUE, "run", "--drain")
                == CrashingDataSource.CRASHED);

        // Then
        assertThat(crashes).isEqualTo(most);
        assertThat(receiver.accepted()).hasSize(ORDERS - 2).doesNotContainKeys("83", "187");
        assertThat(stored("SELECT record_key FROM drover_dead_letter")).containsExactlyInAnyOrder("id=83", "id=187");
        assertThat(stored("SELECT dead_lettered - letters_removed FROM drover_checkpoint"))
                .containsExactly("2");
        assertThat(checkpoint()).isEqualTo(ORDERS);
        assertThat(receiver.acceptedRequests()
                        .collect(Collectors.groupingBy(Request::line))
                        .values())
                .hasSize(5)
                .allSatisfy(requests -> {
                    List<Integer> ids = requests.stream()
                            .flatMap(request -> request.records().stream())
                            .map(record -> record.path("id").asInt())
                            .toList();
                    assertThat(ids.stream().distinct()).isSorted();
                    assertThat(ids.get(ids.size() - 1)).as("the newest").isEqualTo(Collections.max(ids));
                });
    }

    /** Two addresses do not answer twice, and no address takes some records. */
    private static Fault deadTwice() {
        Fault poison = Fault.rejectRecords(422, 83, 187);
        Fault one = at("/t3", Fault.respond(503)).times(2);
        Fault other = at("/t4", Fault.dropConnection()).times(2);
        return request -> one.answer(request).or(() -> other.answer(request)).or(() -> poison.answer(request));
    }

    private static Fault at(String path, Fault fault) {
        return request -> request.line().endsWith(path) ? fault.answer(request) : Optional.empty();
    }

    private List<String> deadLettered() throws Exception {
        return stored("SELECT SUBSTRING(record_key, 4) FROM drover_dead_letter");
    }

    /** The checkpoint is never ahead of what was delivered or is durably set aside. */
    private void assertNothingIsPassedUnsettled() throws Exception {
        int deadLetters = stored("SELECT record_key FROM drover_dead_letter").size();
        long passed = checkpoint();
        long delivered = receiver.accepted().keySet().stream()
                .filter(id -> Long.parseLong(id) <= passed)
                .count();
        assertThat(delivered + deadLetters).isGreaterThanOrEqualTo(passed);
    }

    private int run(CrashPoint point, int time, String... words) throws Exception {
        // The jar comes first and no folder follows, as the archive of classes demands.
        String classPath = DroverProcess.JAR + File.pathSeparator + crashing;
        Map<String, String> environment = source.environment(receiver.url());
        environment.put("DROVER_ORDERS_PAGESIZE", "60");
        environment.put("DROVER_ORDERS_BATCHSIZE", "20");
        environment.put("DROVER_ORDERS_MAXINFLIGHT", Integer.toString(WINDOW));
        List<String> arguments = new ArrayList<>(DroverProcess.fast());
        arguments.addAll(
                List.of("-cp", classPath, "-Dcrash.at=" + point, "-Dcrash.time=" + time, "dev.drover.cli.Main"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--routes", folder.resolve("routes").toString()));
        return DroverProcess.start(folder, environment, arguments).await();
    }

    /** With the classes inside these classes. */
    private Path jar(Class<?>... classes) throws IOException {
        Path jar = folder.resolve("crashing.jar");
        Path compiled = Path.of("target/test-classes");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> each : classes) {
                Path place = compiled.resolve(each.getPackageName().replace('.', '/'));
                try (DirectoryStream<Path> files = Files.newDirectoryStream(place, each.getSimpleName() + "*.class")) {
                    for (Path file : files) {
                        out.putNextEntry(new ZipEntry(compiled.relativize(file).toString()));
                        Files.copy(file, out);
                    }
                }
            }
        }
        return jar;
    }

    private void copyRoutes() throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> files = Files.list(DroverProcess.ROUTES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file)
                        .replace("dev.drover.database.DatabasePool", CrashingDataSource.class.getName());
                Files.writeString(routes.resolve(file.getFileName()), text);
            }
        }
    }

    private long checkpoint() throws Exception {
        List<String> settled = stored("SELECT settled FROM drover_checkpoint");
        return settled.isEmpty() ? 0 : Long.parseLong(settled.get(0));
    }

    private Connection store() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("data/store") + ";AUTO_SERVER=TRUE";
        return DriverManager.getConnection(url, "drover", DroverProcess.password(folder, "data/store"));
    }

    private void change(String statement) throws Exception {
        try (Connection store = store()) {
            store.createStatement().executeUpdate(statement);
        }
    }

    private List<String> stored(String query) throws Exception {
        try (Connection store = store();
                ResultSet rows = store.createStatement().executeQuery(query)) {
            Stream.Builder<String> lines = Stream.builder();
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
            return lines.build().toList();
        }
    }
}
