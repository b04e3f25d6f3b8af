package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.checkpoint;
import static dev.drover.examples.Example.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Integration;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder has the example alone: the Kamelets come with the program, unless the folder has its own. */
@Integration
class ShortTest {

    private final Receiver receiver = new Receiver();
    private Path folder;
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path empty) {
        folder = empty;
        bench = new Bench(folder, "short.camel.yaml")
                .orders(ROWS)
                .address("drover.orders.url", receiver.url())
                .address("camel.component.pages.mode", "DRAIN");
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldSendEachOrderOnceWhenTheFolderHasNoKamelets() {
        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(receiver.acceptedIds()).hasSize(ROWS).doesNotHaveDuplicates();
            assertThat(checkpoint(example.pipeline("short"))).isEqualTo(ROWS);
        }
    }

    @Test
    void shouldUseTheKameletOfTheFolderWhenItHasOne() throws Exception {
        // Given
        String sink = "drover-http-sink.kamelet.yaml";
        Files.createDirectory(folder.resolve("kamelets"));
        Files.writeString(
                folder.resolve("kamelets").resolve(sink),
                Files.readString(Path.of("routes/kamelets", sink)).replace("default: 500", "default: 100"));

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(receiver.arrived())
                    .extracting(request -> request.ids().size())
                    .containsOnly(100, 30);
        }
    }

    @Test
    void shouldReadOnWhenItsRouteIsPausedAndResumed() throws Exception {
        // Given
        bench.address("camel.component.pages.mode", "FOLLOW");
        try (Example example = bench.run()) {
            eventually().until(() -> receiver.acceptedIds().size() == ROWS);
            Pipeline pipeline = example.pipeline("short");
            CamelContext context = example.context();

            // When
            context.getRouteController().suspendRoute(pipeline.routeId());
            context.getRouteController().resumeRoute(pipeline.routeId());

            // Then
            assertThat(pipeline.routeId()).isEqualTo("short-drover-follow-source");
            assertThat(pipeline.state()).isEqualTo(Pipeline.State.RUNNING);
        }
    }
}
