package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import dev.drover.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One folder with both halves, run by one process that reads and another that forwards. */
@Integration
class RolesTest {

    private static final String GROUP = "forward-orders";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final KafkaBroker broker = KafkaBroker.shared();
    private final String topic = "orders-" + UUID.randomUUID();
    private final Database database = Database.postgres().orders(1, 500);
    private CountingReceiver receiver;
    private Path routes;

    @BeforeEach
    void prepare() throws IOException {
        receiver = new CountingReceiver(Duration.ZERO);
        broker.createTopic(topic, 2);
        routes = Files.createDirectory(folder.resolve("routes"));
        for (String half : List.of("kafka-reader.camel.yaml", "kafka-forwarder.camel.yaml")) {
            Files.copy(Path.of("routes/examples", half), routes.resolve(half));
        }
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void shouldDoOneHalfInEachProcessWhenEachHasItsRole() throws Exception {
        // Given
        Map<String, String> forwarding = environment("forwarder");
        forwarding.put("DROVER_SOURCE_URL", "jdbc:postgresql://127.0.0.1:1/none");

        // When
        try (DroverProcess reader = run(environment("all"), "--role", "reader")) {
            await().atMost(PATIENCE).until(() -> published() == 500);
            boolean forwarded = !broker.group(GROUP).members().isEmpty();
            try (DroverProcess forwarder = run(forwarding)) {
                await().atMost(PATIENCE).until(() -> receiver.distinct() == 500);
                database.orders(501, 600);
                await().atMost(PATIENCE).until(() -> receiver.distinct() == 600);
                int range = backfill("forwarder");
                await().atMost(PATIENCE).until(() -> receiver.records() == 610);
                List<Integer> codes = List.of(reader.terminate(), forwarder.terminate());

                // Then
                assertThat(forwarded).isFalse();
                assertThat(range).isZero();
                assertThat(codes).containsExactly(143, 143);
                assertThat(receiver.duplicates()).isEqualTo(10);
                assertThat(forwarder.errors()).noneMatch(line -> line.contains("publish-orders"));
                assertThat(reader.errors()).noneMatch(line -> line.contains(GROUP));
            }
        }
    }

    /** It reads, whatever the role of the process is beside which it is called, and forwards nothing itself. */
    private int backfill(String role) throws Exception {
        List<String> words =
                List.of("backfill", "publish-orders", "--from", "0", "--to", "10", "--routes", routes.toString());
        DroverProcess backfill = DroverProcess.in(folder, environment(role), words.toArray(new String[0]));
        int code = backfill.await();
        assertThat(backfill.errors()).noneMatch(line -> line.contains(GROUP));
        assertThat(backfill.output())
                .anyMatch(line -> line.contains("publish-orders"))
                .noneMatch(line -> line.contains(GROUP));
        return code;
    }

    private long published() {
        return broker.ends(topic).values().stream().mapToLong(end -> end).sum();
    }

    private DroverProcess run(Map<String, String> environment, String... options) throws IOException {
        return DroverProcess.run(Files.createTempDirectory(folder, "run"), routes, environment, options);
    }

    private Map<String, String> environment(String role) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DROVER_ROLE", role);
        environment.put("DROVER_SOURCE_URL", database.url());
        environment.put("DROVER_SOURCE_USERNAME", database.username());
        environment.put("DROVER_SOURCE_CONSISTENCY", database.exact());
        environment.put("DROVER_SOURCE_PROMISES", "keysGrow");
        environment.put("DROVER_STORE_URL", database.url());
        environment.put("DROVER_STORE_USERNAME", database.username());
        environment.put("DROVER_KAFKA_BROKERS", broker.bootstrap());
        environment.put("DROVER_KAFKA_TOPIC", topic);
        environment.put("DROVER_ORDERS_URL", receiver.url());
        return environment;
    }
}
