package dev.drover.examples;

import static dev.drover.examples.Example.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Integration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class AlarmsTest {

    private static final int ROWS = 600;

    private final Receiver receiver = new Receiver();
    private final Receiver webhook = new Receiver();
    private Path folder;
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path empty) {
        folder = empty;
        bench = new Bench(folder, "alarms.camel.yaml")
                .orders(ROWS)
                .address("drover.orders.url", receiver.url())
                .address("drover.alarms.url", webhook.url());
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        webhook.close();
        bench.close();
    }

    @Test
    void shouldTellTheWebhookOnceWhenTheDestinationRefusesEverything() {
        // Given
        receiver.answers(request -> 401);

        // When
        try (Example example = bench.run()) {
            eventually().until(() -> !webhook.arrived().isEmpty());
            receiver.answers(request -> 200);
            example.awaitCheckpoint("alarmed-orders", ROWS);
        }

        // Then
        assertThat(texts())
                .singleElement()
                .asString()
                .matches("alarmed-orders alarmed since 20\\S+Z: the destination does not accept: status 401.*"
                        + " \\(try: drover doctor\\)");
    }

    @Test
    void shouldTellTheWebhookThatAPipelineHasHaltedWhenTheRunEndsByIt() throws Exception {
        // Given
        Path file = folder.resolve("alarms.camel.yaml");
        Files.writeString(
                file, Files.readString(file).replace("table: orders", "table: orders\n        maxFailures: 1"));
        receiver.answers(request -> 400);

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();
        }

        // Then
        assertThat(texts())
                .last() // an alarm may come before
                .asString()
                .matches("alarmed-orders halted since 20\\S+Z: halted, nothing more is read: .*"
                        + " \\(try: drover status\\)");
    }

    @Test
    void shouldDeliverAllWhenTheWebhookHangsOrFails() {
        // Given
        webhook.answers(request -> hang());
        receiver.answers(request -> request.has(1) && receiver.attempts(1) < 2 ? 401 : 200);

        // When
        try (Example example = bench.run()) {
            eventually().until(() -> webhook.open() > 0);
            example.awaitCheckpoint("alarmed-orders", ROWS);

            // Then
            assertThat(example.pipeline("alarmed-orders").state()).isEqualTo(Pipeline.State.RUNNING);
        }
        assertThat(receiver.acceptedIds()).hasSize(ROWS).doesNotHaveDuplicates();
    }

    private static int hang() {
        try {
            Thread.sleep(3_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 500;
    }

    private List<String> texts() {
        return webhook.accepted().stream()
                .map(request -> request.body().get("text").asText())
                .toList();
    }
}
