package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {

    private final Gate gate = gate(options -> options.closeAfter = 4);

    @Test
    void shouldCloseWhenAttemptsFailAndOpenWhenOneSucceeds() {
        // Given
        fail(4, new ConnectException("refused"));
        assertThat(gate.pass(1)).isFalse();
        assertThat(gate.closed())
                .hasValueSatisfying(why -> assertThat(why).contains("http://billing/orders", "refused"));

        // When
        await().until(() -> gate.pass(1));

        // Then
        assertThat(gate.pass(1))
                .as("a second attempt beside the one that finds out")
                .isFalse();
        ended(gate, null, 10);
        assertThat(gate.closed()).isEmpty();
        assertThat(gate.pass(1)).isTrue();
        assertThat(gate.pass(1)).isTrue();
    }

    @Test
    void shouldLetAnotherFindOutWhenTheOneThatWouldGivesItBack() {
        // Given
        fail(4, new ConnectException("refused"));
        await().until(() -> gate.pass(1));

        // When
        gate.givenBack();

        // Then
        assertThat(gate.pass(1)).isTrue();
    }

    @Test
    void shouldSayThatNothingIsAcceptedWhenPausesGoOnForLongerThanTheLongest() {
        // Given
        Gate asked = gate(options -> options.longestPause = Duration.ofMillis(200));

        // When
        ended(asked, answer(429, Map.of("Retry-After", "60")), 10);

        // Then
        assertThat(asked.closed()).isEmpty();
        await().until(() -> asked.closed().isPresent());
        assertThat(asked.closed().orElseThrow()).contains("does not accept (status 429, a limit)");
        ended(asked, new ConnectException("refused"), 10);
        assertThat(asked.closed()).as("nothing is accepted yet").isPresent();
        ended(asked, null, 10);
        assertThat(asked.closed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409, 413, 415, 422})
    void shouldStayOpenWhenBatchesAreRefusedForWhatIsInThem(int status) {
        fail(50, answer(status, Map.of()));

        assertThat(gate.pass(1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 401, 403, 404, 408, 410, 425, 429, 500, 503})
    void shouldCloseWhenTheDestinationAcceptsNothing(int status) {
        fail(4, answer(status, Map.of()));

        assertThat(gate.pass(1)).isFalse();
    }

    @Test
    void shouldStayOpenWhenOnlyAFewAttemptsFail() {
        for (int i = 0; i < 20; i++) {
            ended(gate, i % 4 == 0 ? answer(500, Map.of()) : null, 10);
        }

        assertThat(gate.pass(1)).isTrue();
    }

    @Test
    void shouldLetNothingPassWhileTheDestinationAsksForAPause() {
        // Given
        ended(gate, answer(429, Map.of("Retry-After", "1")), 10);

        // When
        boolean passed = gate.pass(1);

        // Then
        assertThat(passed).isFalse();
        assertThat(gate.closed()).isEmpty();
        await().until(() -> gate.pass(1));
    }

    @Test
    void shouldPauseForTheLongestAtMostWhenMoreIsAskedFor() {
        // Given
        Gate impatient = gate(options -> options.longestPause = Duration.ofMillis(300));

        // When
        ended(impatient, answer(503, Map.of("Retry-After", "86400")), 10);

        // Then
        assertThat(impatient.pass(1)).isFalse();
        await().until(() -> impatient.pass(1));
    }

    @Test
    void shouldKnowTheSizeThatIsTakenWhenABodyWasTooLarge() {
        // Given
        BodyLimit limit = gate.bodyLimit();
        assertThat(limit.partSize()).isEmpty();

        // When
        ended(gate, answer(413, Map.of()), 1000);

        // Then
        assertThat(limit.partSize()).hasValue(500);
        assertThat(limit.exceededBy(1000)).isTrue();
        assertThat(limit.exceededBy(999)).isFalse();
        ended(gate, null, 800);
        assertThat(limit.partSize()).hasValue(800);
        ended(gate, null, 2000);
        assertThat(limit.partSize()).as("it takes more now").isEmpty();
    }

    @Test
    void shouldLearnNothingWhenTheSizeOfTheBodyIsNotKnown() {
        ended(gate, answer(413, Map.of()), 0);

        assertThat(gate.bodyLimit().exceededBy(1000)).isFalse();
        assertThat(gate.bodyLimit().partSize()).isEmpty();
    }

    private void fail(int attempts, Exception failure) {
        for (int i = 0; i < attempts; i++) {
            assertThat(gate.pass(1)).isTrue();
            ended(gate, failure, 10);
        }
    }

    private static Gate gate(Consumer<GateOptions> setting) {
        GateOptions options = new GateOptions();
        setting.accept(options);
        return new Gate("http://billing/orders", "http://billing", options, new HostLimit(options, System::nanoTime));
    }

    private static void ended(Gate gate, Exception failure, long bytes) {
        gate.ended(new Gate.Load(bytes, 1, System.nanoTime()), failure, Optional.empty());
    }

    private static HttpOperationFailedException answer(int status, Map<String, String> headers) {
        return new HttpOperationFailedException("", status, "", null, headers, null);
    }
}
