package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import dev.drover.testing.RouteFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small heap: the window bounds the memory, whatever waits in the table, and the bytes of a page, however long rows are. */
@Integration
class MemoryTest {

    private static final int ORDERS = 150_000;
    private static final int MANY = 10_000_000;
    private static final int TEXTS = 24;
    private static final String HALTED = "halted, nothing more is read: an error of Java itself: ";
    private static final String TABLE = "CREATE TABLE orders (id BIGINT PRIMARY KEY, note TEXT)";
    private static final String LONG_TEXTS = "INSERT INTO orders SELECT x, REPEAT('x', 8388608) FROM ";
    private static final Pattern AFTER_COLLECTION = Pattern.compile("->(\\d+)M\\(");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    @TempDir
    Path folder;

    @Test
    void shouldStayInASmallHeapWhenTheReceiverIsSlow() throws Exception {
        // Given
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofMillis(200));
                OrdersServer source = new OrdersServer(folder, ORDERS)) {
            Map<String, String> environment = source.environment(receiver);
            environment.put("DROVER_DELIVERY_PARALLELISM", "16");

            // When
            try (DroverProcess drover = drain(environment, DroverProcess.ROUTES, "-Xmx64m")) {
                int exitCode = drover.await();

                // Then
                assertThat(exitCode).as("%s", drover.errors()).isZero();
                assertThat(receiver.distinct()).isEqualTo(ORDERS);
                assertThat(receiver.duplicates()).isZero();
            }
        }
    }

    /** The first quarter of the run is its warm-up. What the process holds is in MiB, twice a second. */
    @Test
    @Tag("full")
    void shouldHoldNoMoreAtTheEndThanBeforeWhenTenMillionRowsGoToASlowReceiver() throws Exception {
        // Given
        Database source = Database.postgres().orders(1, MANY);
        Path collections = folder.resolve("gc.txt");
        List<Long> resident = new ArrayList<>();
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofMillis(100))) {
            Map<String, String> environment = environment(source.url(), source.username(), receiver);
            environment.put("DROVER_DELIVERY_PARALLELISM", "16");

            // When
            try (DroverProcess drover =
                    drain(environment, DroverProcess.ROUTES, "-Xmx64m", "-Xlog:gc:file=" + collections)) {
                while (drover.isAlive()) {
                    residentMegabytes(drover.pid()).forEach(resident::add);
                    Thread.sleep(500);
                }

                // Then
                assertThat(drover.await()).as("%s", drover.errors()).isZero();
                assertThat(receiver.distinct()).isEqualTo(MANY);
                assertThat(receiver.duplicates()).isZero();
            }
        }
        List<Long> used = numbers(AFTER_COLLECTION, collections);
        assertThat(highest(used, 3)).as("heap %s", used).isLessThanOrEqualTo(highest(used, 1) + 8);
        assertThat(highest(resident, 3)).as("resident %s", resident).isLessThanOrEqualTo(highest(resident, 1) + 24);
        assertThat(highest(resident, 3)).isLessThan(320);
    }

    @Test
    void shouldStayInASmallHeapWhenThePageIsOfLongTextsOfPostgres() throws Exception {
        // Given
        Database source = Database.postgres();
        source.run(TABLE, LONG_TEXTS + source.rows(1, TEXTS));

        // Then
        deliverTexts(source.url(), source.username());
    }

    /** H2 reads a text to tell how many bytes it has, which takes its time. */
    @Test
    @Tag("full")
    void shouldStayInASmallHeapWhenThePageIsOfLongTextsOfH2() throws Exception {
        // Given
        String url =
                "jdbc:h2:file:" + folder.resolve("texts") + ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "drover", "");
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
            statement.execute(LONG_TEXTS + Database.h2().rows(1, TEXTS));
        }

        // Then
        deliverTexts(url, "drover");
    }

    /** Each character of the text takes six bytes of JSON. */
    @Test
    @Tag("full")
    void shouldHaltAndEndWhenABatchNeedsMoreMemoryThanThereIs() throws Exception {
        // Given
        Database source = Database.postgres();
        source.run(TABLE, "INSERT INTO orders SELECT 1, REPEAT(CHR(1), 16777216)");
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO)) {
            Map<String, String> environment = environment(source.url(), source.username(), receiver);
            List<String> arguments = List.of("-Xmx160m", "-XX:+UseSerialGC", "-jar", DroverProcess.JAR.toString());

            // When
            try (DroverProcess drover = run(environment, routes(table()), arguments)) {
                int exitCode = drover.await();

                // Then
                assertThat(exitCode).as("%s", drover.errors()).isEqualTo(1);
                assertThat(String.join("\n", drover.errors())).contains(HALTED + "java.lang.OutOfMemoryError");
                assertThat(receiver.distinct()).isZero();
            }
        }
    }

    /** Nobody waits for that thread, so nobody else would notice its end. */
    @Test
    void shouldHaltAndEndWhenAThreadOfAPoolEndsByAnError() throws Exception {
        // Given
        Database source = Database.postgres();
        source.run(TABLE, "INSERT INTO orders VALUES (1, 'x')");
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO)) {
            Map<String, String> environment = environment(source.url(), source.username(), receiver);
            String classes = DroverProcess.JAR
                    + File.pathSeparator
                    + Path.of("target", "test-classes").toAbsolutePath();
            List<String> arguments = List.of("-cp", classes, "dev.drover.cli.Main");

            // When
            try (DroverProcess drover = run(
                    environment,
                    routes(table().before(
                                    "- split:",
                                    "- bean:",
                                    "    id: ends-a-thread",
                                    "    beanType: " + EndsAThread.class.getName(),
                                    "    method: process")),
                    arguments)) {
                int exitCode = drover.await();

                // Then
                assertThat(exitCode).as("%s", drover.errors()).isEqualTo(1);
                assertThat(String.join("\n", drover.errors()))
                        .contains(HALTED + "java.lang.NoClassDefFoundError: example/Missing");
            }
        }
    }

    /** A step whose work on another thread ends by an error. */
    public static final class EndsAThread implements Processor {

        @Override
        public void process(Exchange exchange) {
            new Thread(() -> {
                        throw new NoClassDefFoundError("example/Missing");
                    })
                    .start();
        }
    }

    private void deliverTexts(String url, String username) throws Exception {
        // Given: a page is asked for all of them
        Path routes = routes(table().after("key: id", "maxPageBytes: 10000000"));
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO)) {
            Map<String, String> environment = environment(url, username, receiver);
            environment.put("DROVER_ORDERS_PAGESIZE", "1000");
            environment.put("DROVER_ORDERS_MAXINFLIGHT", "1000");

            // When
            // G1 needs contiguous space for arrays of such a size, and now and then finds none: that is not what is
            // asked here
            try (DroverProcess drover = drain(environment, routes, "-Xmx128m", "-XX:+UseSerialGC")) {
                int exitCode = drover.await();

                // Then
                assertThat(exitCode).as("%s", drover.errors()).isZero();
                assertThat(receiver.distinct()).isEqualTo(TEXTS);
                assertThat(receiver.duplicates()).isZero();
            }
        }
    }

    private static RouteFile table() {
        return RouteFile.of("routes/examples/orders-table.camel.yaml");
    }

    private Path routes(RouteFile route) throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(routes.resolve(route.name()), route.text());
        return routes;
    }

    /** Runs until it ends by itself: the source is followed. */
    private DroverProcess run(Map<String, String> environment, Path routes, List<String> java) throws IOException {
        List<String> arguments = new ArrayList<>(java);
        arguments.addAll(List.of("run", "--routes", routes.toString()));
        return DroverProcess.start(folder, environment, arguments);
    }

    private static Map<String, String> environment(String url, String username, CountingReceiver receiver) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DROVER_SOURCE_URL", url);
        environment.put("DROVER_SOURCE_USERNAME", username);
        environment.put("DROVER_SOURCE_CONSISTENCY", "STATIC");
        environment.put("DROVER_ORDERS_URL", receiver.url());
        return environment;
    }

    private DroverProcess drain(Map<String, String> environment, Path routes, String... java) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(java));
        arguments.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-jar", DroverProcess.JAR.toString()));
        arguments.addAll(List.of("run", "--routes", routes.toString(), "--drain"));
        return DroverProcess.start(folder, environment, arguments);
    }

    /** Empty when the process has just ended. */
    private static List<Long> residentMegabytes(long pid) throws IOException {
        try {
            return numbers(RESIDENT, Path.of("/proc/" + pid + "/status")).stream()
                    .map(kilobytes -> kilobytes / 1024)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static List<Long> numbers(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .toList();
    }

    /** The highest one of a quarter of the run. */
    private static long highest(List<Long> samples, int quarter) {
        int size = samples.size();
        return Collections.max(samples.subList(size * quarter / 4, size * (quarter + 1) / 4));
    }
}
