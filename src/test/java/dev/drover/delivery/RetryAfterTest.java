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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({"1, 1", "120, 120", "' 7 ', 7", "300, 300", "007, 7", "8.0, 8", "1.5, 2"})
    void shouldPauseForTheSecondsThatAreAskedFor(String field, long seconds) {
        assertThat(RetryAfter.parse(field, NOON)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 22 Nov 2026 12:00:30 GMT", "Sunday, 22-Nov-26 12:00:30 GMT", "Sun Nov 22 12:00:30 2026"})
    void shouldPauseUntilTheDateThatIsAskedFor(String field) {
        assertThat(RetryAfter.parse(field, NOON)).contains(Duration.ofSeconds(30));
    }

    @Test
    void shouldPauseUntilADayOfOneDigitThatIsAskedFor() {
        Clock november = Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);

        assertThat(RetryAfter.parse("Sun Nov  1 12:00:30 2026", november)).contains(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | RateLimit-Reset: 30",
                "429 | X-RateLimit-Reset: 30",
                "429 | RateLimit: \"default\";r=0;t=30",
                "429 | RateLimit: limit=100, remaining=0, reset=30",
                "403 | X-RateLimit-Remaining: 0; X-RateLimit-Reset: 30",
                "503 | RateLimit: r=0;t=30"
            })
    void shouldPauseForALimitThatIsUsedUp(int status, String fields) {
        assertThat(RetryAfter.of(status, fields(fields))).contains(Duration.ofSeconds(30));
    }

    @Test
    void shouldPauseUntilTheTimeOfALimit() {
        String until = String.valueOf(Instant.now().getEpochSecond() + 60);

        assertThat(RetryAfter.of(403, Map.of("X-RateLimit-Remaining", "0", "x-ratelimit-reset", until)))
                .hasValueSatisfying(
                        pause -> assertThat(pause).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | X-RateLimit-Remaining: 12; X-RateLimit-Reset: 30",
                "503 | RateLimit-Reset: 30",
                "429 | RateLimit: \"default\";r=0",
                "429 | X-RateLimit-Reset: 1000000001"
            })
    void shouldNotPauseForALimitThatIsNotUsedUpOrPast(int status, String fields) {
        assertThat(RetryAfter.of(status, fields(fields))).isEmpty();
    }

    /** Fields begin after a semicolon and a space. */
    private static Map<String, String> fields(String text) {
        return Stream.of(text.split("; "))
                .map(field -> field.split(": ", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "-1",
                "+1",
                "1.",
                ".5",
                "Sunday, 22-Nov-26 11:59:59 GMT",
                "Saturday, 22-Nov-76 12:00:30 GMT",
                "Sun Nov 22 11:59:59 2026",
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
        return AttemptEnd.of(failure, Optional.empty(), Set.of()).pause();
    }
}
