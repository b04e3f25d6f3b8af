package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.drover.cli.Main;
import dev.drover.pages.Pipeline;
import dev.drover.runtime.Application;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.NestedExceptionUtils;

/**
 * Routes that a user broke, each in one way: refused at the start with a message that names the place, or run without
 * a loss: the checkpoint passes no row that is neither delivered nor a dead letter, and the mended route delivers all.
 */
@Integration
class BrokenRoutesTest {

    private static final int ROWS = 600;

    @TempDir
    Path folder;

    private final Database source = Database.h2().orders(1, ROWS);
    private Receiver receiver;
    private Drover drover;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldDeliverEverythingWhenTheRouteIsRight() {
        // Given
        drover = running("right");

        // When
        drover.run();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(passed()).hasSize(ROWS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    stop-on-exception       | split split-page        | stopOnException
                    nested-split            | split split-again       | a split inside
                    second-aggregate        | aggregate collect-again | only one aggregate
                    seda-hand-off           | to hand-off             | seda hands the record over
                    seda-by-to-d            | toD hand-off            | seda hands the record over
                    seda-by-setting         | to hand-off             | seda hands the record over
                    seda-behind-direct      | to hand-off-later       | seda hands the record over
                    resequence              | resequence in-order     | keeps the record
                    wire-tap                | wireTap hand-off        | does not wait
                    no-page-strategy        | needs one split         | onPrepare: "#page" and aggregationStrategy: "#page"
                    only-on-prepare         | needs one split         | onPrepare: "#page" and aggregationStrategy: "#page"
                    single-thread-aggregate | aggregate collect-batch | parallelProcessing: true
                    no-force-on-stop        | aggregate collect-batch | forceCompletionOnStop: true
                    no-controller           | aggregate collect-batch | aggregateController
                    same-name-twice         | orders-again            | a checkpoint name of its own
                    """)
    void shouldRefuseToStartWhenARecordCouldEndUnseen(String fixture, String place, String rule) throws IOException {
        // Given
        drover = running(fixture);

        // When
        Throwable refusal = catchThrowable(drover::start);

        // Then
        assertThat(refusal).isNotNull();
        assertThat(NestedExceptionUtils.getMostSpecificCause(refusal))
                .hasMessageContainingAll("route", "orders", place, rule);
        drover.stop();
        assertNothingPassedUndelivered();
        assertThat(linted(fixture)).anyMatch(line -> line.contains(rule));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    handled-without-dead-letter | a clause handled an exception without a dead letter
                    do-try-in-split             | a clause handled an exception without a dead letter
                    no-record-clause            | no clause dead-lettered the record
                    handled-delivery            | neither delivered nor dead-lettered
                    no-delivery-clauses         | neither delivered nor dead-lettered
                    no-outcome-step             | neither delivered nor dead-lettered
                    """)
    void shouldHaltAndLoseNothingWhenAFailureIsSwallowed(String fixture, String reason) {
        // Given
        receiver.fails(Fault.respond(500).times(1));
        drover = running(fixture);

        // When
        drover.start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> drover.pipeline("orders").state() == Pipeline.State.HALTED);

        // Then
        assertThat(drover.pipeline("orders").ledger().halted()).get().asString().contains(reason);
        drover.stop();
        assertNothingPassedUndelivered();
        assertEverythingArrivesWhenMended();
    }

    @Test
    void shouldHoldTheCheckpointWhenATryHidesThatTheRequestFailed() {
        // Given
        receiver.fails(Fault.respond(500).times(1));
        drover = running("do-try-around-post");

        // When
        drover.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> receiver.accepted().size() >= ROWS - 150);
        drover.stop();

        // Then
        assertNothingPassedUndelivered();
        assertEverythingArrivesWhenMended();
    }

    private List<String> linted(String fixture) throws IOException {
        StringWriter said = new StringWriter();
        Files.copy(Path.of("src/test/routes/broken/" + fixture + ".camel.yaml"), folder.resolve("broken.camel.yaml"));
        Files.writeString(folder.resolve("application.properties"), "hop = seda:later");
        int exitCode = Main.commandLine().setOut(new PrintWriter(said)).execute("lint", "--routes", folder.toString());
        assertThat(exitCode).isEqualTo(Application.BAD_INPUT);
        return said.toString().lines().toList();
    }

    private Drover running(String fixture) {
        return Drover.reading(source)
                .file(RouteFile.of("src/test/routes/broken/" + fixture + ".camel.yaml"))
                .set("hop", "seda:later")
                .sendingTo(receiver)
                .draining();
    }

    private void assertNothingPassedUndelivered() {
        List<String> settled = new ArrayList<>(receiver.accepted().keySet());
        settled.addAll(deadLetters());
        assertThat(settled).containsAll(passed());
    }

    private void assertEverythingArrivesWhenMended() {
        running("right").run();
        List<String> settled = new ArrayList<>(receiver.accepted().keySet());
        settled.addAll(deadLetters());
        assertThat(settled).hasSize(ROWS);
    }

    /** The rows up to the checkpoint. */
    private List<String> passed() {
        List<String> checkpoint = stored("SELECT cursor_json FROM drover_checkpoint WHERE cursor_json IS NOT NULL");
        return checkpoint.isEmpty()
                ? List.of()
                : source.column("SELECT id FROM orders WHERE id <= "
                        + checkpoint.get(0).replaceAll(".*\"value\":\"(\\d+)\".*", "$1"));
    }

    private List<String> deadLetters() {
        return stored("SELECT SUBSTRING(record_key, 4) FROM drover_dead_letter");
    }

    /** A route that is refused leaves no store behind. */
    private List<String> stored(String query) {
        boolean there = source.column("SELECT table_name FROM information_schema.tables")
                .contains("drover_checkpoint");
        return there ? source.column(query) : List.of();
    }
}
