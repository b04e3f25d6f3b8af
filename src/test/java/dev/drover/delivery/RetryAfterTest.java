package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({"1, 1", "120, 120", "' 7 ', 7", "300, 300", "007, 7"})
    void shouldPauseForTheSecondsThatAreAskedFor(String field, long seconds) {
        assertThat(RetryAfter.parse(field, NOON)).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void shouldPauseUntilTheDateThatIsAskedFor() {
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 12:00:30 GMT", NOON)).contains(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "-1",
                "+1",
                "1.5",
                "1s",
                "0",
                "Sun, 22 Nov 2026 11:59:59 GMT",
                "Sun, 22 Nov 2026 12:00:00 GMT",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "Mon, 22 Nov 2026 12:00:30 GMT",
                "2026-11-22T12:00:30Z",
                "١٢"
            })
    void shouldNotPauseWhenNothingCanBeReadOrItIsPast(String field) {
        assertThat(RetryAfter.parse(field, NOON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999", "9999999999", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void shouldPauseForVeryLongWhenThatIsAskedFor(String field) {
        assertThat(RetryAfter.parse(field, NOON))
                .hasValueSatisfying(pause -> assertThat(pause).isGreaterThan(Duration.ofDays(365)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Retry-After", "retry-after", "RETRY-AFTER"})
    void shouldFindTheFieldInAnyCase(String name) {
        assertThat(pause(new HttpOperationFailedException("", 503, "", null, Map.of(name, "3"), null)))
                .contains(Duration.ofSeconds(3));
    }

    @Test
    void shouldNotPauseWhenNoAnswerCame() {
        assertThat(pause(new ConnectException("refused"))).isEmpty();
        assertThat(pause(new HttpOperationFailedException("", 503, "", null, null, null)))
                .isEmpty();
    }

    private static Optional<Duration> pause(Exception failure) {
        return AttemptEnd.of(failure, Set.of()).pause();
    }
}
