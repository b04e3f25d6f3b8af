package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody changes the table that a pipeline follows. */
@Integration
class SchemaChangeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 600;
    private static final String MORE = "INSERT INTO orders (id, customer, quantity, amount, ordered_at)"
            + " SELECT id + 600, customer, quantity, amount, ordered_at FROM orders";

    private final Receiver receiver = Receiver.start("id");
    private Database database;
    private Verdict verdict;
    private Drover drover;

    /** Each engine with one form; {@link SchemaChangeEverywhereTest} has all of them. */
    static Stream<Arguments> everywhere() {
        return Stream.of(
                Arguments.of(Engine.H2, PipelineForm.READ_STEP),
                Arguments.of(Engine.POSTGRES, PipelineForm.TABLE),
                Arguments.of(Engine.MARIADB, PipelineForm.SHORT));
    }

    /** It follows, and has delivered everything so far. */
    private void follow(Engine engine, PipelineForm form) {
        database = engine.newDatabase().orders(1, ROWS);
        verdict = new Verdict(database, receiver);
        drover = Drover.reading(database)
                .file(form.file())
                .sendingTo(receiver)
                .sizes(100, 50, 1000)
                .start();
        awaitAccepted(ROWS);
        drover.awaitSettled();
    }

    @AfterEach
    void stop() {
        drover.close();
        verdict.close();
        receiver.close();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldGoOnWhenAColumnIsAdded(Engine engine, PipelineForm form) {
        // Given
        follow(engine, form);

        // When
        database.run("ALTER TABLE orders ADD COLUMN note VARCHAR(80)", MORE.replace("customer,", "customer, product,"));

        // Then
        assertDelivered();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldWaitForTheColumnOnlyWhereItIsNamedWhenItIsDropped(Engine engine, PipelineForm form) {
        // Given
        follow(engine, form);

        // When
        try (Logs logs = new Logs()) {
            database.run("ALTER TABLE orders DROP COLUMN product", MORE);
            if (form == PipelineForm.READ_STEP) {
                awaitClearLine(logs);
                database.run("ALTER TABLE orders ADD COLUMN product VARCHAR(80)");
            }

            // Then
            assertDelivered();
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldGoOnWhenTheKeyIsRenamedAndNamedAsBefore(Engine engine, PipelineForm form) {
        // Given
        follow(engine, form);

        // When
        try (Logs logs = new Logs()) {
            database.run("ALTER TABLE orders " + renaming(engine, "id", "number"));
            awaitClearLine(logs);
            database.run(
                    "ALTER TABLE orders " + renaming(engine, "number", "id"),
                    MORE.replace("customer,", "customer, product,"));
        }

        // Then
        assertDelivered();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void shouldGoOnWhenTheTableIsGoneAndComesBack(Engine engine, PipelineForm form) {
        // Given
        follow(engine, form);

        // When
        try (Logs logs = new Logs()) {
            database.run("ALTER TABLE orders RENAME TO hidden");
            awaitClearLine(logs);
            database.run("ALTER TABLE hidden RENAME TO orders", MORE.replace("customer,", "customer, product,"));
        }

        // Then
        assertDelivered();
    }

    private static String renaming(Engine engine, String from, String to) {
        return engine == Engine.H2
                ? "ALTER COLUMN " + from + " RENAME TO " + to
                : "RENAME COLUMN " + from + " TO " + to;
    }

    private void awaitClearLine(Logs logs) {
        await().atMost(PATIENCE).until(() -> logs.says("a page could not be read, again in"));
        List<String> warnings = logs.warnings();
        assertThat(warnings).allSatisfy(line -> assertThat(line).doesNotContain("\n", "customer 1"));
        assertThat(logs.errors()).isEmpty();
    }

    private void assertDelivered() {
        awaitAccepted(2 * ROWS);
        drover.awaitSettled();
        verdict.assertEachOnce(drover);
    }

    private void awaitAccepted(int records) {
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= records);
    }
}
