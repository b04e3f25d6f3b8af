package dev.drover.examples;

import static dev.drover.examples.Example.checkpoint;
import static dev.drover.examples.Example.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Integration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class NightlyTest {

    private static final int ROWS = 100;

    private final Receiver receiver = new Receiver();
    private Path file;
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        file = folder.resolve("nightly.camel.yaml");
        bench = new Bench(folder, "nightly.camel.yaml").orders(ROWS).address("drover.orders.url", receiver.url());
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldRestAndSaySoWhenTheScheduleIsOfAnotherHour() throws Exception {
        // Given
        int other = (ZonedDateTime.now(ZoneOffset.UTC).getHour() + 12) % 24;
        schedule("0 " + other + " * * *");

        // When
        try (Example example = bench.run()) {
            eventually().until(() -> pipeline(example).keptFromReading().isPresent());

            // Then
            assertThat(pipeline(example).keptFromReading()).hasValueSatisfying(reason -> assertThat(reason)
                    .matches("its schedule, and reads again at 20\\S+T%02d:00Z".formatted(other)));
            assertThat(pipeline(example).state()).isEqualTo(Pipeline.State.RUNNING);
            assertThat(pipeline(example).reading().waitsFor()).isEmpty();
        }
        assertThat(receiver.arrived()).isEmpty();
    }

    @Test
    void shouldDeliverAllWhenTheScheduleIsOfThisTime() throws Exception {
        // Given
        schedule("* * * * *");
        bench.address("camel.component.pages.mode", "DRAIN");

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(checkpoint(pipeline(example))).isEqualTo(ROWS);
        }
        assertThat(receiver.acceptedIds()).hasSize(ROWS).doesNotHaveDuplicates();
    }

    private static Pipeline pipeline(Example example) {
        return example.pipeline("nightly");
    }

    private void schedule(String minutes) throws Exception {
        Files.writeString(file, Files.readString(file).replaceFirst("schedule: .*", "schedule: \"" + minutes + "\""));
    }
}
