package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.deadletter.ReplayCounts;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A contract in the delivery route of the long form: what of a batch it keeps from being sent, and what a replay makes of it. */
@Integration
class ContractsTest {

    private static final int ROWS = 270;

    /** One order of nine has the quantity 9. */
    private static final int MISFITS = ROWS / 9;

    private static final String CONTRACT =
            """
                - name: orderContract
                  type: dev.drover.contract.Contract
                  properties: {schema: order.schema.json}
            """;

    private final Database source = Database.h2().orders(1, ROWS);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(source)
            .file(RouteFile.of("routes/orders.camel.yaml")
                    .before("- setHeader:", "- bean: {ref: orderContract, method: check}"))
            .edit("beans.camel.yaml", "    - name: lane\n", CONTRACT + "    - name: lane\n")
            .sendingTo(receiver)
            .sizes(200, 50, 1000)
            .draining()
            .checked();

    @BeforeEach
    void writeContract() throws IOException {
        contract("{\"properties\": {\"quantity\": {\"maximum\": 8}}}");
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldSendEachBatchAtOnceWithoutTheRecordsThatDoNotFit() {
        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS - MISFITS);
        assertThat(receiver.duplicates()).isEmpty();
        assertThat(receiver.requests()).hasSize(ROWS / 50 + 1);
        assertThat(reasons()).containsExactly("refused: does not fit order.schema.json: /quantity: maximum 8");
        assertThat(deadLetters()).isEqualTo(MISFITS);
        assertThat(drover.checkpoint()).isEqualTo("id=" + ROWS);
    }

    @Test
    void shouldSendAFailedBatchAgainWithoutTheRecordsThatDoNotFit() {
        // Given
        AtomicInteger failures = new AtomicInteger(3);
        receiver.fails(Fault.refuseWhile(503, () -> failures.getAndDecrement() > 0));

        // When
        drover.run();

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS - MISFITS);
        assertThat(receiver.requests()).hasSizeGreaterThan(ROWS / 50 + 1);
        assertThat(deadLetters()).isEqualTo(MISFITS);
    }

    @Test
    void shouldSendADeadLetterAgainOnlyWhenItFits() throws Exception {
        // Given
        drover.run();
        int sent = receiver.requests().size();

        // When
        ReplayCounts unchanged = drover.resend();
        int sentInVain = receiver.requests().size() - sent;
        contract("{\"properties\": {\"quantity\": {\"maximum\": 9}}}");
        ReplayCounts widened = drover.resend();

        // Then
        assertThat(unchanged.delivered()).isZero();
        assertThat(sentInVain).isZero();
        assertThat(widened.delivered()).isEqualTo(MISFITS);
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(deadLetters()).isZero();
    }

    private void contract(String schema) throws IOException {
        Files.writeString(drover.folder().resolve("order.schema.json"), schema);
    }

    private long deadLetters() {
        return source.number("SELECT COUNT(*) FROM drover_dead_letter").longValue();
    }

    private List<String> reasons() {
        return source.column("SELECT DISTINCT reason FROM drover_dead_letter");
    }
}
