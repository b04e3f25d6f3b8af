package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.NestedExceptionUtils;

/** A pipeline of Kamelets loses nothing, whatever its user does between source and sink and whatever the service does. */
@Integration
class ShortFormTest {

    private static final int ROWS = 600;
    private static final String EXAMPLE = "routes/examples/short.camel.yaml";
    private static final String VALID = "expression: \"${body[quantity]} > 0\"";

    private final Database source = Database.h2().orders(1, ROWS);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(source).sendingTo(receiver).draining();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldSetTheRecordAsideWhenAStepOfTheUserThrows() {
        // Given
        List<String> few = source.column("SELECT id FROM orders WHERE quantity <= 8");

        // When
        drover.file(RouteFile.of(EXAMPLE).replace(VALID, "expression: \"${body[quantity]} <= 8\""))
                .run();

        // Then
        assertThat(receiver.accepted().keySet()).containsExactlyInAnyOrderElementsOf(few);
        assertThat(deadLetters()).hasSize(ROWS - few.size());
        assertThat(passed()).contains("600");
    }

    @Test
    void shouldSetTheLoneRecordAsideWhenTheServiceRefusesIt() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 77));

        // When
        drover.file(RouteFile.of(EXAMPLE)).run();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS - 1).doesNotContainKey("77");
        assertThat(source.column("SELECT CONCAT(pipeline, ' ', destination, ' ', record_key) FROM drover_dead_letter"))
                .containsExactly("short deliver-short id=77");
        assertThat(passed()).contains("600");
    }

    @Test
    void shouldSendTheSameAgainUnderTheSameKeyWhenTheServiceFails() {
        // Given
        receiver.fails(Fault.respond(503).times(2));

        // When
        drover.file(RouteFile.of(EXAMPLE)).run();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(receiver.requests().stream().map(Request::key).distinct()).hasSize(2);
        assertThat(receiver.requests()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                        routeConfigurationId: records | | no clause dead-lettered the record
                    - validate: | - doTry: {steps: [{validate: {simple: {expression: "${body[id]} < 9"}}}], doCatch: [{exception: [java.lang.Exception], steps: [{stop: {}}]}]}~        - log: {message: passed}~        - validate: | a clause handled an exception without a dead letter
                    """)
    void shouldHaltAndPassNothingWhenAFailureIsSwallowed(String line, String replacement, String reason) {
        // Given
        String broken = replacement == null ? "" : replacement.replace("~", "\n");
        RouteFile file = RouteFile.of(EXAMPLE).replace(line, broken);
        drover.file(replacement == null ? file.replace(VALID, "expression: \"${body[id]} < 9\"") : file);

        // When
        drover.start();
        await().until(() -> drover.pipeline("short").state() == Pipeline.State.HALTED);

        // Then
        assertThat(drover.pipeline("short").ledger().halted()).get().asString().contains(reason);
        assertThat(passed()).isEmpty();
    }

    @Test
    void shouldRefuseToStartWhenNoSinkTakesTheRecords() {
        // Given
        RouteFile example = RouteFile.of(EXAMPLE);
        String withoutSink = example.text().substring(0, example.text().indexOf("        - to:"));
        drover.file(new RouteFile(example.name(), withoutSink));

        // When
        Throwable refusal = catchThrowable(drover::start);

        // Then
        assertThat(NestedExceptionUtils.getMostSpecificCause(refusal))
                .hasMessageContainingAll("short", "no step collects or sends the records");
        drover.stop();
    }

    @Test
    void shouldKeepApartWhenTwoPipelinesUseTheSameKamelets() {
        // Given
        source.run(
                "CREATE TABLE parcels AS SELECT * FROM orders WHERE id <= 30",
                "ALTER TABLE parcels ALTER COLUMN id SET NOT NULL",
                "ALTER TABLE parcels ADD PRIMARY KEY (id)");
        RouteFile example = RouteFile.of(EXAMPLE);
        RouteFile parcels = new RouteFile("parcels.camel.yaml", example.text())
                .replace("id: short", "id: parcels")
                .replace("table: orders", "table: parcels")
                .replace("drover.orders.url", "parcels.url");
        try (Receiver other = Receiver.start("id")) {
            drover.file(example).file(parcels).set("parcels.url", other.url());

            // When
            drover.run();

            // Then
            assertThat(receiver.accepted()).hasSize(ROWS);
            assertThat(receiver.batchSizes()).isEqualTo(Map.of(500, 1L, 100, 1L));
            assertThat(other.accepted()).hasSize(30);
            assertThat(source.column("SELECT pipeline FROM drover_checkpoint ORDER BY pipeline"))
                    .containsExactly("parcels", "short");
        }
    }

    @Test
    void shouldKeepApartWhenTwoPipelinesReadAndSendTheSame() {
        // Given
        RouteFile example = RouteFile.of(EXAMPLE);
        drover.file(example).file(new RouteFile("again.camel.yaml", example.text()).replace("id: short", "id: again"));

        // When
        drover.run();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS).containsEntry("77", 2);
        assertThat(receiver.batchSizes()).isEqualTo(Map.of(500, 2L, 100, 2L));
        assertThat(source.column("SELECT pipeline FROM drover_checkpoint ORDER BY pipeline"))
                .containsExactly("again", "short");
    }

    @Test
    void shouldHaltWhenTheRecordsOfTwoPipelinesComeToOneAggregate() {
        // Given
        source.run(
                "CREATE TABLE parcels AS SELECT * FROM orders",
                "ALTER TABLE parcels ALTER COLUMN id SET NOT NULL",
                "ALTER TABLE parcels ADD PRIMARY KEY (id)");
        RouteFile shared = RouteFile.of(EXAMPLE).replace("drover-http-sink", "drover-http-sink/shared");
        drover.file(shared)
                .file(new RouteFile("parcels.camel.yaml", shared.text())
                        .replace("id: short", "id: parcels")
                        .replace("table: orders", "table: parcels"));

        // When
        drover.start();
        await().until(() ->
                drover.pipelines().stream().anyMatch(pipeline -> pipeline.state() == Pipeline.State.HALTED));

        // Then
        assertThat(drover.pipelines())
                .anySatisfy(pipeline -> assertThat(pipeline.ledger().halted())
                        .get()
                        .asString()
                        .contains("each pipeline needs an aggregate of its own"));
    }

    @Test
    void shouldReadNothingWhenItsRouteIsNotToStart() {
        // Given
        RouteFile example = RouteFile.of(EXAMPLE);
        drover.file(example)
                .file(new RouteFile("rest.camel.yaml", example.text())
                        .replace("id: short", "id: at-rest\n    autoStartup: false"));

        // When
        drover.run();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldSendTheRowsAgainWhenTheirDeadLettersAreReplayed() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 77, 500));
        drover.file(RouteFile.of(EXAMPLE)).run();
        receiver.fails(Fault.none());

        // When
        drover.reread(false);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter")).isEqualTo(BigDecimal.ZERO);
    }

    private List<String> deadLetters() {
        return source.column("SELECT record_key FROM drover_dead_letter");
    }

    /** The checkpoint, if there is one. */
    private String passed() {
        return String.join(
                "", source.column("SELECT cursor_json FROM drover_checkpoint WHERE cursor_json IS NOT NULL"));
    }
}
