package dev.drover;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.PgBouncer;
import dev.drover.testing.Receiver;
import dev.drover.testing.Verdict;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Source and store behind PgBouncer, which gives a session to each transaction and none to a client. */
class PgBouncerTest {

    private static final int ROWS = 3000;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHORT")
    void shouldDeliverEachOnceWhenTransactionsShareSessions(PipelineForm form) {
        assumeThat(PgBouncer.isInstalled() || System.getenv("CI") != null)
                .as("PgBouncer is not installed")
                .isTrue();

        // Given
        Database database = Database.postgres().orders(1, ROWS);
        try (Receiver receiver = Receiver.start("id");
                Verdict verdict = new Verdict(database, receiver);
                PgBouncer bouncer = PgBouncer.inFrontOf(database);
                Drover drover = Drover.reading(database.at(bouncer.port(), "?prepareThreshold=0"))
                        .file(form.file())
                        .sendingTo(receiver)
                        .sizes(50, 50, 500)) {
            receiver.fails(Fault.rejectRecords(422, 7));

            // When
            drover.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> receiver.accepted().size() == ROWS - 1);
            database.orders(ROWS + 1, 2 * ROWS);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> receiver.accepted().size() == 2 * ROWS - 1);
            drover.awaitSettled();

            // Then
            verdict.assertEachOnce(drover);
        }
    }
}
