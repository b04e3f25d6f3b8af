package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.cli.Main;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of an aggregate and steps around it that would leave a record out of its batch, or send what is not it. */
@Integration
class CollectedRecordsTest {

    private static final RouteFile RIGHT = RouteFile.of("src/test/routes/broken/right.camel.yaml");

    private final Receiver receiver = Receiver.start("id");

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        receiver.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ignoreInvalidCorrelationKeys, true",
        "closeCorrelationKeyOnCompletion, 1",
        "discardOnCompletionTimeout, true",
        "discardOnAggregationFailure, true"
    })
    void shouldRefuseAnOptionWhenItLeavesRecordsOut(String option, String value) throws IOException {
        // Given
        RouteFile file = RIGHT.before("completionSize: 50", option + ": " + value);

        // When
        String found = lint(file);

        // Then
        assertThat(found)
                .isEqualTo("right.camel.yaml:29: " + option
                        + ": is not allowed, it leaves records out of every batch; remove it (route orders, aggregate"
                        + " collect-batch)");
    }

    @ParameterizedTest
    @CsvSource({"{{drover.orders.url}}, httpMethod: GET", "log:batches, showAll: true"})
    void shouldRefuseADeliveryWhenNoStepSendsTheBatch(String address, String option) throws IOException {
        // Given
        RouteFile file = RIGHT.replace("{{drover.orders.url}}", address).replace("httpMethod: POST", option);

        // When
        String found = lint(file);

        // Then
        assertThat(found)
                .contains("bean: settles the batch, and no step sends it")
                .contains("(route orders, bean settle)");
    }

    @Test
    void shouldKeepTheSizeOfABatchWhenItIsCheckedBeforeTheRecord() {
        // Given
        RouteFile file = RIGHT.before("completionSize: 50", "eagerCheckCompletion: true");

        // When
        try (Drover drover = drover(file)) {
            drover.run();
        }

        // Then
        assertThat(receiver.accepted()).hasSize(120);
        assertThat(receiver.batchSizes().keySet()).allMatch(size -> size <= 50);
    }

    @Test
    void shouldHaltWhenTheAggregateFailsAfterItHasCollected() {
        // Given
        RouteFile file = RIGHT.before("completionSize: 50", "completionPredicate:", "  simple: \"${body[id]} == 7\"");

        // When
        String why = halted(file);

        // Then
        assertThat(why).contains("a record was collected into a batch and set aside too");
    }

    @Test
    void shouldHaltWhenARecordIsSetAsideAndThenCollected() {
        // Given
        RouteFile file = RIGHT.before("- aggregate:", "- to: direct:dead-letter");

        // When
        String why = halted(file);

        // Then
        assertThat(why).contains("put a stop after the step that sets it aside");
        assertThat(receiver.accepted()).isEmpty();
    }

    @Test
    void shouldGoOnWhenARecordIsSetAsideAndItsRouteStops() {
        // Given
        RouteFile file = RIGHT.before(
                "- aggregate:",
                "- filter:",
                "    simple: \"${body[id]} == 7\"",
                "    steps:",
                "      - to: direct:dead-letter",
                "      - stop: {}");

        // When
        try (Drover drover = drover(file)) {
            drover.run();
        }

        // Then
        assertThat(receiver.accepted()).hasSize(119).doesNotContainKey("7");
    }

    private String halted(RouteFile file) {
        try (Drover drover = drover(file)) {
            drover.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> drover.pipeline("orders").state() == Pipeline.State.HALTED);
            return drover.pipeline("orders").ledger().halted().orElse("");
        }
    }

    private Drover drover(RouteFile file) {
        return Drover.reading(Database.h2().orders(1, 120))
                .file(file)
                .sendingTo(receiver)
                .draining();
    }

    private String lint(RouteFile file) throws IOException {
        file.writeTo(folder);
        Files.writeString(
                folder.resolve("application.properties"),
                "drover.orders.url=http://localhost:1/here\ndrover.source.url=jdbc:h2:mem:none\n");
        StringWriter said = new StringWriter();
        PrintWriter both = new PrintWriter(said, true);
        int exitCode = Main.commandLine().setOut(both).setErr(both).execute("lint", "--routes", folder.toString());
        assertThat(exitCode).isEqualTo(2);
        return said.toString().replace(folder + "/", "").strip();
    }
}
