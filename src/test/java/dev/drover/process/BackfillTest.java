package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code drover backfill} beside the process that follows the same table. */
@Integration
class BackfillTest {

    @TempDir
    Path folder;

    private Receiver receiver;
    private OrdersServer source;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws Exception {
        receiver = Receiver.start("id");
        source = new OrdersServer(folder, 200);
        environment = source.environment(receiver.url());
    }

    @AfterEach
    void stop() {
        source.close();
        receiver.close();
    }

    @Test
    void shouldSendTheRangeOnceMoreWhenThePipelineRunsBesideIt() throws Exception {
        // Given
        try (DroverProcess follower = DroverProcess.run(folder, environment)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> receiver.accepted().size() == 200);

            // When
            DroverProcess first = backfill("orders", "10", "60");
            DroverProcess again = backfill("orders", "10", "60");
            DroverProcess checkpoints = DroverProcess.command(folder, environment, "checkpoint", "show");

            // Then
            assertThat(first.await()).isZero();
            assertThat(first.output()).anyMatch(line -> line.startsWith("orders[10..60]: 50 rows"));
            assertThat(again.output()).anyMatch(line -> line.startsWith("orders[10..60]: 0 rows"));
            assertThat(receiver.duplicates()).hasSize(50).contains("11", "60").doesNotContain("10", "61");
            assertThat(checkpoints.output()).anyMatch(line -> line.contains("id=200"));
            assertThat(checkpoints.output())
                    .anyMatch(line -> line.contains("orders[10..60]") && line.contains("id=60"));
            assertThat(follower.isAlive()).isTrue();
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenThePipelineOrTheKeyIsNone() throws Exception {
        // When
        DroverProcess unknown = backfill("ordres", "10", "60");
        DroverProcess badKey = backfill("orders", "10,7", "60");

        // Then
        assertThat(unknown.await()).isEqualTo(2);
        assertThat(unknown.errors())
                .containsExactly(
                        "drover: NAME: there is no pipeline 'ordres'; the pipelines are orders; did you mean orders");
        assertThat(badKey.await()).isEqualTo(2);
        assertThat(badKey.errors()).singleElement().asString().startsWith("drover: --from: the key has 1 column(s)");
        assertThat(receiver.accepted()).isEmpty();
    }

    private DroverProcess backfill(String pipeline, String from, String to) throws Exception {
        List<String> words = List.of("backfill", pipeline, "--from", from, "--to", to);
        return DroverProcess.command(folder, environment, words.toArray(String[]::new));
    }
}
