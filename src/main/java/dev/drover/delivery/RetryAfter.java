package dev.drover.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** The {@code Retry-After} field of an answer (RFC 9110, 10.2.3): seconds or an HTTP date. */
final class RetryAfter {

    /** Longer than any destination is waited for. */
    private static final Duration VERY_LONG = Duration.ofDays(3650);

    private RetryAfter() {}

    /** The pause that the field asks for; empty if none can be read from it, or if it lies in the past. */
    static Optional<Duration> parse(String field) {
        return parse(field, Clock.systemUTC());
    }

    static Optional<Duration> parse(String field, Clock clock) {
        String text = field.trim();
        Optional<Duration> pause = text.matches("\\d+") ? Optional.of(seconds(text)) : untilDate(text, clock);
        return pause.filter(duration -> !duration.isNegative() && !duration.isZero());
    }

    private static Duration seconds(String digits) {
        return digits.length() > 9 ? VERY_LONG : Duration.ofSeconds(Long.parseLong(digits));
    }

    private static Optional<Duration> untilDate(String text, Clock clock) {
        try {
            return Optional.of(Duration.between(
                    clock.instant(),
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
