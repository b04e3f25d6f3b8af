package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostLimitTest {

    private long now = 7;

    @ParameterizedTest
    @CsvSource({"100/s, 10, 100", "600/m, 10, 10", "3600/h, 500, 1", "5000 records/s, 10, 10"})
    void shouldSpreadARateEvenly(String rate, int seconds, int perSecond) {
        // Given
        HostLimit limit = limit(options -> options.rate = Rate.of(rate));

        // When
        int taken = 0;
        int mostInASecond = 0;
        for (int second = 0; second < seconds; second++) {
            int before = taken;
            for (int milli = 0; milli < 1000; milli++) {
                taken += take(limit, 500) ? 1 : 0;
                now += TimeUnit.MILLISECONDS.toNanos(1);
            }
            mostInASecond = Math.max(mostInASecond, taken - before);
        }

        // Then
        assertThat(taken).isBetween(perSecond * seconds - 1, perSecond * seconds + 1);
        assertThat(mostInASecond).isLessThanOrEqualTo(perSecond + 1);
    }

    @Test
    void shouldKeepTheRateWhenThreadsComeLateAndSaveNothingWhenNoneComes() {
        // Given
        HostLimit limit = limit(options -> options.rate = Rate.of("100/s"));

        // When
        int taken = 0;
        for (int i = 0; i < 1000; i++) {
            taken += take(limit, 1) ? 1 : 0;
            now += TimeUnit.MILLISECONDS.toNanos(7);
        }
        now += TimeUnit.HOURS.toNanos(1);

        // Then
        assertThat(taken).isBetween(699, 701);
        assertThat(take(limit, 1)).isTrue();
        assertThat(take(limit, 1)).as("two at the same time").isFalse();
    }

    @Test
    void shouldLetNoMoreBeUnderWayThanAllowed() throws Exception {
        // Given
        HostLimit limit = limit(options -> options.concurrency = 2);
        assertThat(take(limit, 1)).isTrue();
        assertThat(take(limit, 1)).isTrue();

        // When
        boolean third = take(limit, 1);

        // Then
        assertThat(third).isFalse();
        assertThat(limit.await(Duration.ofMillis(1))).isEqualTo("the concurrency of the destination, 2");
        limit.ended(accepted(Optional.empty()), 1, now);
        assertThat(take(limit, 1)).isTrue();
        limit.givenBack();
        assertThat(take(limit, 1)).isTrue();
        assertThat(take(limit, 1)).isFalse();
    }

    @Test
    void shouldTakeNoRoomWhenTheGateIsClosed() {
        // Given
        HostLimit limit = limit(options -> options.concurrency = 1);

        // When
        boolean passed = limit.take(1, () -> false);

        // Then
        assertThat(passed).isFalse();
        assertThat(take(limit, 1)).isTrue();
    }

    @Test
    void shouldSendNoMoreThanTheDestinationSaysIsLeft() throws Exception {
        // Given
        HostLimit limit = limit(options -> {});
        assertThat(take(limit, 1)).isTrue();
        assertThat(take(limit, 1)).isTrue();

        // When
        limit.ended(accepted(Optional.of(new Quota(3, Duration.ofSeconds(5)))), 1, now);

        // Then
        assertThat(take(limit, 1)).isTrue();
        limit.givenBack();
        assertThat(take(limit, 1)).isTrue();
        limit.ended(accepted(Optional.of(new Quota(9, Duration.ofSeconds(5)))), 1, now); // an older answer
        assertThat(take(limit, 1)).isTrue();
        assertThat(take(limit, 1)).as("the one under way may not be counted").isFalse();
        assertThat(limit.await(Duration.ofMillis(1))).isEqualTo("the quota that the destination tells");
        now += TimeUnit.SECONDS.toNanos(5);
        assertThat(take(limit, 1)).isTrue();
    }

    @Test
    void shouldWaitForAQuotaForTheLongestPauseAtMost() {
        // Given
        HostLimit limit = limit(options -> options.longestPause = Duration.ofSeconds(1));
        assertThat(take(limit, 1)).isTrue();

        // When
        limit.ended(accepted(Optional.of(new Quota(0, Duration.ofDays(1)))), 1, now);

        // Then
        assertThat(take(limit, 1)).isFalse();
        now += TimeUnit.SECONDS.toNanos(1);
        assertThat(take(limit, 1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100", "100/d", "0/s", "-1/s", "1.5/s", "100 requests/s", "100/ s", "fast"})
    void shouldRefuseARateThatIsNone(String rate) {
        assertThatThrownBy(() -> new Destination().setRate(rate)).hasMessageContaining("must be like 100/s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "many", "1.5", "9999999"})
    void shouldRefuseAConcurrencyThatIsNone(String concurrency) {
        assertThatThrownBy(() -> new Destination().setConcurrency(concurrency))
                .hasMessageContaining("must be a number of requests, auto, or 0");
    }

    private HostLimit limit(Consumer<GateOptions> setting) {
        GateOptions options = new GateOptions();
        setting.accept(options);
        return new HostLimit(options, () -> now);
    }

    private static boolean take(HostLimit limit, int records) {
        return limit.take(records, () -> true);
    }

    private static AttemptEnd accepted(Optional<Quota> told) {
        return AttemptEnd.of(null, told, Set.of());
    }
}
