package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that end before their source does, and rows that appear behind the cursor. */
@Integration
class RunLimitsTest {

    private static final String TABLE = "routes/examples/orders-table.camel.yaml";

    private final Database source = Database.h2().orders(1, 1000);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(source).sendingTo(receiver).sizes(100, 50, 2000);

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"STATIC", "SESSIONS"})
    void shouldEndAtTheKeyAndGoOnBehindItWhenUntilIsGiven(String consistency) {
        // Given
        drover.set("drover.source.consistency", consistency);

        // When
        drover.file(orders("until: \"333\"")).start().awaitEnd();

        // Then
        assertThat(drover.checkpoint()).isEqualTo("id=333");
        assertThat(receiver.accepted()).hasSize(333);

        // When
        drover.stop();
        drover.file(orders("until: \"700\"")).start().awaitEnd();

        // Then
        assertThat(drover.checkpoint()).isEqualTo("id=700");
        assertThat(receiver.accepted()).hasSize(700);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldEndAndGoOnThereWhenTheDeadlineHasPassed() {
        // When
        drover.file(orders("deadline: 1")).start().awaitEnd();
        int delivered = receiver.accepted().size();
        drover.stop();
        drover.file(orders("mode: DRAIN")).run();

        // Then
        assertThat(delivered).isLessThan(1000);
        assertThat(receiver.accepted()).hasSize(1000);
        assertThat(receiver.duplicates()).isEmpty();
    }

    @Test
    void shouldHaltWhenMoreRecordsFailThanMay() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 10, 20, 30, 40, 50));

        // When
        drover.sizes(100, 50, 100).file(orders("maxFailures: 3")).start().awaitEnd();

        // Then
        Pipeline orders = drover.pipeline("orders-table");
        assertThat(orders.state()).isEqualTo(Pipeline.State.HALTED);
        assertThat(orders.ledger().halted().orElse("")).startsWith("maxFailures: ");
        assertThat(receiver.accepted()).hasSizeLessThan(1000);
    }

    @Test
    void shouldDeliverARowOnceWhenItAppearsBehindTheCursorOfALaggingPipeline() throws Exception {
        // Given
        source.run("DELETE FROM orders WHERE id IN (500, 501, 700)");
        drover.set("drover.source.consistency", "LAG")
                .file(orders("lag: 1500\n        delay: 50"))
                .start();
        await().until(drover::checkpoint, "id=1000"::equals);

        // When
        source.orders(500, 501).orders(700, 700);

        // Then
        await().until(() -> receiver.accepted().size(), Integer.valueOf(1000)::equals);
        assertThat(drover.checkpoint()).isEqualTo("id=1000");
        Thread.sleep(3500); // what it remembers is forgotten by then
        source.orders(1001, 1001);
        await().until(() -> receiver.accepted().size(), Integer.valueOf(1001)::equals);
        assertThat(receiver.duplicates()).isEmpty();
    }

    private static RouteFile orders(String option) {
        return RouteFile.of(TABLE).replace("startAfter: \"0\"", "startAfter: \"0\"\n        " + option);
    }
}
