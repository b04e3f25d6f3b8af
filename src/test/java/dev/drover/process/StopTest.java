package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tells the process to stop, as an orchestrator does. */
@Integration
class StopTest {

    private static final int ORDERS = 20_000;

    @TempDir
    Path folder;

    @Test
    void shouldRepeatNothingWhenStoppedBySignal() throws Exception {
        // Given
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofMillis(50));
                OrdersServer source = new OrdersServer(folder, ORDERS)) {
            Map<String, String> environment = source.environment(receiver);
            environment.put("DROVER_ORDERS_BATCHSIZE", "70");

            // When
            int firstStop = stopWhileDelivering(environment, receiver);
            int secondStop = stopWhileDelivering(environment, receiver);
            int drained = DroverProcess.run(folder, environment, "--drain").await();

            // Then
            assertThat(List.of(firstStop, secondStop, drained)).containsExactly(143, 143, 0);
            assertThat(receiver.distinct()).isEqualTo(ORDERS);
            assertThat(receiver.duplicates()).isZero();
        }
    }

    @Test
    void shouldRunTheSameRoutesWhenStartedByCamelsOwnMain() throws Exception {
        // Given
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO);
                OrdersServer source = new OrdersServer(folder, 1_030)) {
            List<String> arguments = new ArrayList<>(DroverProcess.fast());
            arguments.addAll(List.of(
                    "-cp",
                    DroverProcess.JAR.toString(),
                    "-Dcamel.main.routesIncludePattern=file:" + DroverProcess.ROUTES + "/*.camel.yaml",
                    "org.apache.camel.main.Main",
                    "-pl",
                    "file:" + DroverProcess.ROUTES.resolve("application.properties")));

            // When
            try (DroverProcess camel = DroverProcess.start(folder, source.environment(receiver), arguments)) {
                await().atMost(Duration.ofMinutes(1)).until(() -> receiver.distinct() == 1_030 || !camel.isAlive());
                camel.terminate();
            }

            // Then
            assertThat(receiver.distinct()).isEqualTo(1_030);
            assertThat(receiver.duplicates()).isZero();
        }
    }

    private int stopWhileDelivering(Map<String, String> environment, CountingReceiver receiver) throws Exception {
        long before = receiver.records();
        try (DroverProcess drover = DroverProcess.run(folder, environment)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> receiver.records() > before || !drover.isAlive());
            int code = drover.terminate();
            assertThat(drover.errors()).doesNotContain("already closed").doesNotContain("cannot be");
            return code;
        }
    }
}
