package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {

    private final Gate gate =
            new Gate("http://billing/orders", "http://billing", GateOptions.DEFAULT.withCloseAfter(4));

    @Test
    void shouldCloseWhenAttemptsFailAndOpenWhenOneSucceeds() {
        // Given
        fail(4, new ConnectException("refused"));
        assertThat(gate.pass()).isFalse();
        assertThat(gate.closed())
                .hasValueSatisfying(why -> assertThat(why).contains("http://billing/orders", "refused"));

        // When
        await().until(gate::pass);

        // Then
        assertThat(gate.pass())
                .as("a second attempt beside the one that finds out")
                .isFalse();
        gate.ended(null, 10);
        assertThat(gate.closed()).isEmpty();
        assertThat(gate.pass()).isTrue();
        assertThat(gate.pass()).isTrue();
    }

    @Test
    void shouldLetAnotherFindOutWhenTheOneThatWouldGivesItBack() {
        // Given
        fail(4, new ConnectException("refused"));
        await().until(gate::pass);

        // When
        gate.givenBack();

        // Then
        assertThat(gate.pass()).isTrue();
    }

    @Test
    void shouldSayThatNothingIsAcceptedWhenPausesGoOnForLongerThanTheLongest() {
        // Given
        Gate asked = new Gate(
                "http://billing/orders",
                "http://billing",
                GateOptions.DEFAULT.withLongestPause(Duration.ofMillis(200)));

        // When
        asked.ended(answer(429, Map.of("Retry-After", "60")), 10);

        // Then
        assertThat(asked.closed()).isEmpty();
        await().until(() -> asked.closed().isPresent());
        assertThat(asked.closed().orElseThrow()).contains("does not accept (status 429, a limit)");
        asked.ended(new ConnectException("refused"), 10);
        assertThat(asked.closed()).as("nothing is accepted yet").isPresent();
        asked.ended(null, 10);
        assertThat(asked.closed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409, 413, 415, 422})
    void shouldStayOpenWhenBatchesAreRefusedForWhatIsInThem(int status) {
        fail(50, answer(status, Map.of()));

        assertThat(gate.pass()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 401, 403, 404, 408, 410, 425, 429, 500, 503})
    void shouldCloseWhenTheDestinationAcceptsNothing(int status) {
        fail(4, answer(status, Map.of()));

        assertThat(gate.pass()).isFalse();
    }

    @Test
    void shouldStayOpenWhenOnlyAFewAttemptsFail() {
        for (int i = 0; i < 20; i++) {
            gate.ended(i % 4 == 0 ? answer(500, Map.of()) : null, 10);
        }

        assertThat(gate.pass()).isTrue();
    }

    @Test
    void shouldLetNothingPassWhileTheDestinationAsksForAPause() {
        // Given
        gate.ended(answer(429, Map.of("Retry-After", "1")), 10);

        // When
        boolean passed = gate.pass();

        // Then
        assertThat(passed).isFalse();
        assertThat(gate.closed()).isEmpty();
        await().until(gate::pass);
    }

    @Test
    void shouldPauseForTheLongestAtMostWhenMoreIsAskedFor() {
        // Given
        Gate impatient = new Gate(
                "http://billing/orders",
                "http://billing",
                GateOptions.DEFAULT.withLongestPause(Duration.ofMillis(300)));

        // When
        impatient.ended(answer(503, Map.of("Retry-After", "86400")), 10);

        // Then
        assertThat(impatient.pass()).isFalse();
        await().until(impatient::pass);
    }

    @Test
    void shouldKnowTheSizeThatIsTakenWhenABodyWasTooLarge() {
        // Given
        BodyLimit limit = gate.bodyLimit();
        assertThat(limit.partSize()).isEmpty();

        // When
        gate.ended(answer(413, Map.of()), 1000);

        // Then
        assertThat(limit.partSize()).hasValue(500);
        assertThat(limit.exceededBy(1000)).isTrue();
        assertThat(limit.exceededBy(999)).isFalse();
        gate.ended(null, 800);
        assertThat(limit.partSize()).hasValue(800);
        gate.ended(null, 2000);
        assertThat(limit.partSize()).as("it takes more now").isEmpty();
    }

    @Test
    void shouldLearnNothingWhenTheSizeOfTheBodyIsNotKnown() {
        gate.ended(answer(413, Map.of()), 0);

        assertThat(gate.bodyLimit().exceededBy(1000)).isFalse();
        assertThat(gate.bodyLimit().partSize()).isEmpty();
    }

    private void fail(int attempts, Exception failure) {
        for (int i = 0; i < attempts; i++) {
            assertThat(gate.pass()).isTrue();
            gate.ended(failure, 10);
        }
    }

    private static HttpOperationFailedException answer(int status, Map<String, String> headers) {
        return new HttpOperationFailedException("", status, "", null, headers, null);
    }
}
