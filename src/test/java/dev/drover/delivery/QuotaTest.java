package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RateLimit: \"default\";r=3;t=30 | 3",
                "ratelimit: \"burst\";r=50;t=1, \"hour\";r=3;t=30 | 3",
                "RateLimit: \"a\";r=0;t=5, \"b\";r=0;t=30 | 0",
                "RateLimit: \"default\";r=3 & RateLimit-Policy: \"day\";q=9;w=86400, \"default\";q=100;w=30 | 3",
                "RateLimit: limit=100, remaining=3, reset=30 | 3",
                "RateLimit-Remaining: 3 & RateLimit-Reset: 30 | 3",
                "X-RateLimit-Remaining: 3 & X-RateLimit-Reset: 30 | 3",
                "X-Rate-Limit-Remaining: 3 & X-Rate-Limit-Reset: 29.5 | 3",
                "X-RateLimit-Remaining: 3 & X-RateLimit-Reset: 1795348830 | 3",
                "X-RateLimit-Remaining: 3 & X-RateLimit-Reset: 1795348830000 | 3",
                "X-RateLimit-Remaining: 3 & X-RateLimit-Reset: Sun, 22 Nov 2026 12:00:30 GMT | 3",
                "X-RateLimit-Reset: 30 | -1"
            })
    void shouldReadWhatIsLeftInEveryForm(String headers, int remaining) {
        assertThat(Quota.of(fields(headers), NOON)).contains(new Quota(remaining, Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RateLimit: \"default\";r=3",
                "RateLimit: \"default\";r=3 & RateLimit-Policy: \"other\";q=9;w=60",
                "X-RateLimit-Remaining: 3",
                "X-RateLimit-Remaining: 3 & X-RateLimit-Reset: soon",
                "X-RateLimit-Remaining: 3 & X-RateLimit-Reset: 1795348799",
                "RateLimit: nonsense"
            })
    void shouldReadNothingWhenTheEndIsMissingOrPast(String headers) {
        assertThat(Quota.of(fields(headers), NOON)).isEmpty();
    }

    private static UnaryOperator<String> fields(String headers) {
        return name -> Stream.of(headers.split(" & "))
                .map(field -> field.split(": ", 2))
                .filter(field -> field[0].equalsIgnoreCase(name))
                .map(field -> field[1])
                .findFirst()
                .orElse("");
    }
}
