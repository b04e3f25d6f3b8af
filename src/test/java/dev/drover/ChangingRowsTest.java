package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows are updated, deleted and given other keys while they are paged through. */
@Integration
class ChangingRowsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 6000;
    private static final int AHEAD = 100_000;

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldDeliverEveryRowThatStaysAndEachKeyOnceWhenRowsChange(Engine engine) {
        // Given
        Database database = engine.newDatabase().orders(1, ROWS);
        try (Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(database)
                        .file(PipelineForm.TABLE.file())
                        .sendingTo(receiver)
                        .sizes(50, 50, 200)) {
            drover.start();

            // When
            Random random = new Random(4711);
            for (int i = 0; i < 300; i++) {
                int id = 1 + random.nextInt(ROWS);
                switch (i % 3) {
                    case 0 -> database.run("UPDATE orders SET amount = 1, product = 'changed' WHERE id = " + id);
                    case 1 -> database.run("DELETE FROM orders WHERE id = " + id);
                    default -> database.run("UPDATE orders SET id = " + (AHEAD + i) + " WHERE id = " + id);
                }
            }

            // Then
            await().atMost(PATIENCE)
                    .until(() -> receiver.accepted().keySet().containsAll(database.column("SELECT id FROM orders")));
            drover.awaitSettled();
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(drover.pipeline("orders-table").ledger().halted()).isEmpty();
            assertThat(drover.checkpoint())
                    .isEqualTo("id="
                            + database.column("SELECT MAX(id) FROM orders").get(0));
        }
    }
}
