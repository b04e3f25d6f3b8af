package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small heap and a slow receiver: the window bounds the memory, whatever waits in the table. */
class MemoryTest {

    private static final int ORDERS = 300_000;

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
            try (DroverProcess drover = DroverProcess.start(
                    folder,
                    environment,
                    List.of(
                            "-Xmx64m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-jar",
                            DroverProcess.JAR.toString(),
                            "run",
                            "--routes",
                            DroverProcess.ROUTES.toString(),
                            "--drain"))) {
                int exitCode = drover.await();

                // Then
                assertThat(exitCode).as("%s", drover.errors()).isZero();
                assertThat(receiver.distinct()).isEqualTo(ORDERS);
                assertThat(receiver.duplicates()).isZero();
            }
        }
    }
}
