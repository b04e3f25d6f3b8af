package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder as an orchestrator mounts it: links to a folder of links, which is set to another one at once. */
@Integration
class ReloadProcessTest {

    private static final String ORDERS = "orders.camel.yaml";

    @TempDir
    Path folder;

    private Path routes;

    @BeforeEach
    void mount() throws IOException {
        routes = Files.createDirectory(folder.resolve("mounted"));
        publish("..first", "Idempotency key");
        Files.createSymbolicLink(routes.resolve(ORDERS), Path.of("..data", ORDERS));
    }

    @Test
    void shouldTakeTheFilesWhenAMountedFolderIsSetToOthers() throws Exception {
        // Given
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofMillis(20));
                OrdersServer source = new OrdersServer(folder, 20_000);
                DroverProcess drover = run(small(source.environment(receiver)), "--watch")) {
            await().atMost(Duration.ofMinutes(2)).until(() -> receiver.records() > 0);

            // When
            publish("..second", "The same key");
            await().atMost(Duration.ofMinutes(2)).until(() -> says(drover, "the changed routes are running"));
            await().atMost(Duration.ofMinutes(2)).until(() -> receiver.distinct() == 20_000);
            int code = drover.terminate();

            // Then
            assertThat(code).isEqualTo(143);
            assertThat(receiver.duplicates()).isZero();
        }
    }

    @Test
    void shouldRepeatNothingWhenStoppedBySignalDuringAnExchange() throws Exception {
        // Given
        // answers take longer than the look at the changed files does on a busy machine
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofSeconds(7));
                OrdersServer source = new OrdersServer(folder, 3000)) {
            Map<String, String> environment = source.environment(receiver);
            environment.put("DROVER_RELOAD_ENABLED", "true");
            environment.put("DROVER_ORDERS_MAXINFLIGHT", "2000");
            int code;

            // When
            try (DroverProcess drover = run(environment)) {
                await().atMost(Duration.ofMinutes(2)).until(() -> says(drover, "consistency SESSIONS"));
                publish("..second", "The same key");
                await().atMost(Duration.ofMinutes(2)).until(() -> says(drover, "wait for the records in flight"));
                code = drover.terminate();
            }
            int drained = run(environment, "--drain").await();

            // Then
            assertThat(List.of(code, drained)).containsExactly(143, 0);
            assertThat(receiver.distinct()).isEqualTo(3000);
            assertThat(receiver.duplicates()).isZero();
        }
    }

    private static Map<String, String> small(Map<String, String> environment) {
        environment.put("DROVER_ORDERS_BATCHSIZE", "50");
        environment.put("DROVER_ORDERS_MAXINFLIGHT", "1000");
        return environment;
    }

    private DroverProcess run(Map<String, String> environment, String... options) throws IOException {
        environment.put("DROVER_SOURCE_CONSISTENCY", "SESSIONS");
        environment.put("DROVER_SOURCE_PROMISES", "keysGrow");
        return DroverProcess.run(folder, routes, environment, options);
    }

    /** As a kubelet does: new files in a folder of their own, and then one link is set. */
    private void publish(String version, String description) throws IOException {
        Path files = Files.createDirectory(routes.resolve(version));
        String orders = Files.readString(DroverProcess.ROUTES.resolve(ORDERS));
        Files.writeString(files.resolve(ORDERS), orders.replace("Idempotency key", description));
        Path link = Files.createSymbolicLink(routes.resolve("..data_tmp"), Path.of(version));
        Files.move(link, routes.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean says(DroverProcess drover, String text) {
        return drover.errors().stream().anyMatch(line -> line.contains(text));
    }
}
