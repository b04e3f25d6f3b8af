package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.database.DatabasePool;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error of Java itself halts the pipeline with its reason, wherever it is thrown, and no record is set aside for it. */
@Integration
class JavaErrorsTest {

    private static final String STEP =
            """
            - bean:
                id: breaks
                beanType: dev.drover.JavaErrorsTest$Breaks
                method: process
            """;

    private final Database source = Database.h2().orders(1, 300);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover =
            Drover.reading(source).sendingTo(receiver).sizes(100, 100, 300).draining();

    /** A step of a user that needs more memory than there is, a class that is not there, or a deeper stack. */
    public static final class Breaks implements Processor {

        private static volatile String how = "";

        @Override
        public void process(Exchange exchange) {
            switch (how) {
                case "memory" -> exchange.setProperty("much", new long[Integer.MAX_VALUE][1]);
                case "class" -> throw new NoClassDefFoundError("example/Missing");
                default -> process(exchange);
            }
        }
    }

    /** A source whose driver needs a class that is not there. */
    public static final class BrokenSource extends DatabasePool {

        @Override
        public Connection getConnection() throws SQLException {
            throw new NoSuchMethodError("example.Driver.connect()");
        }
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "class", "stack"})
    void shouldHaltWhenTheReadingThreadFailsWithAnErrorBeforeTheSplit(String error) {
        haltsBy(error, "- split:\n            id: split-page", 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "class", "stack"})
    void shouldHaltWhenARecordFailsWithAnError(String error) {
        haltsBy(error, "- aggregate:\n                  id: collect-batch", 14);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "class", "stack"})
    void shouldHaltWhenADeliveryThreadFailsWithAnError(String error) {
        haltsBy(error, "- marshal:\n            id: to-json", 8);
    }

    @Test
    void shouldHaltWhenTheReadingThreadFailsWithAnErrorOutsideTheRoute() {
        // Given
        drover.file(RouteFile.of("routes/orders.camel.yaml"))
                .edit(
                        "beans.camel.yaml",
                        "- name: source\n      type: dev.drover.database.DatabasePool",
                        "- name: source\n      type: " + BrokenSource.class.getName());

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertHalted("an error of Java itself: java.lang.NoSuchMethodError: example.Driver.connect()");
    }

    private void haltsBy(String error, String before, int indent) {
        // Given
        Breaks.how = error;
        drover.file(RouteFile.of("routes/orders.camel.yaml")
                .replace(before, STEP.indent(indent).strip() + "\n" + " ".repeat(indent) + before));

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertHalted(
                switch (error) {
                    case "memory" -> "an error of Java itself: java.lang.OutOfMemoryError";
                    case "class" -> "an error of Java itself: java.lang.NoClassDefFoundError: example/Missing";
                    default -> "an error of Java itself: java.lang.StackOverflowError";
                });
    }

    private void assertHalted(String reason) {
        Pipeline pipeline = drover.pipelines().get(0);
        assertThat(pipeline.ledger().halted())
                .hasValueSatisfying(why -> assertThat(why).startsWith(reason));
        assertThat(pipeline.tally().deadLetters()).isZero();
        assertThat(pipeline.checkpoint()).isEmpty();
        assertThat(receiver.requests()).isEmpty();
    }
}
