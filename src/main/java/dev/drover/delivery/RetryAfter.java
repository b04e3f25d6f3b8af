package dev.drover.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pause that an answer asks for: by {@code Retry-After} (RFC 9110, 10.2.3), as seconds or as a date in one of the
 * three forms of RFC 9110, 5.6.7; without that field, by the usual fields of rate limits.
 */
final class RetryAfter {

    /** Longer than any pause that is allowed. */
    private static final Duration VERY_LONG = Duration.ofDays(3650);

    /** From here on a number means seconds since 1970, as some services write {@code X-RateLimit-Reset}. */
    private static final long LEAST_EPOCH = 1_000_000_000;

    private static final Pattern SECONDS = Pattern.compile("([0-9]+)(?:\\.([0-9]+))?");
    private static final Pattern RESET = Pattern.compile("(?i)(?:^|[;,])\\s*(?:t|reset)\\s*=\\s*([0-9]+)");
    private static final Pattern REMAINING = Pattern.compile("(?i)(?:^|[;,])\\s*(?:r|remaining)\\s*=\\s*([0-9]+)");

    private RetryAfter() {}

    /** The pause that the header fields of a failure ask for; empty if they ask for none. */
    static Optional<Duration> of(int status, @Nullable Map<String, String> headers) {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (headers != null) {
            headers.forEach((name, value) -> fields.put(name, value == null ? "" : value));
        }
        Clock clock = Clock.systemUTC();
        String field = fields.get("Retry-After");
        return field == null ? limit(status, fields, clock) : parse(field, clock);
    }

    /** The pause that the field asks for; empty if it has none that can be read, or one that is over. */
    static Optional<Duration> parse(String field, Clock clock) {
        String text = field.trim();
        Matcher seconds = SECONDS.matcher(text);
        Optional<Duration> pause = seconds.matches() ? Optional.of(seconds(seconds)) : untilDate(text, clock);
        return pause.filter(duration -> !duration.isNegative() && !duration.isZero());
    }

    /** The pause of a rate limit: in an answer 429, or in another one that says that nothing remains. */
    private static Optional<Duration> limit(int status, Map<String, String> fields, Clock clock) {
        String limit = fields.getOrDefault("RateLimit", "");
        String remaining = fields.getOrDefault(
                "RateLimit-Remaining", fields.getOrDefault("X-RateLimit-Remaining", found(REMAINING, limit)));
        String reset =
                fields.getOrDefault("RateLimit-Reset", fields.getOrDefault("X-RateLimit-Reset", found(RESET, limit)));
        if (status != 429 && !remaining.trim().equals("0")) {
            return Optional.empty();
        }
        return parse(reset, clock)
                .map(pause -> pause.toSeconds() < LEAST_EPOCH
                        ? pause
                        : pause.minusSeconds(clock.instant().getEpochSecond()))
                .filter(pause -> !pause.isNegative());
    }

    private static String found(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? found.group(1) : "";
    }

    /** The RFC allows no fraction of a second, but its meaning is clear: it is rounded up. */
    private static Duration seconds(Matcher seconds) {
        if (seconds.group(1).replaceFirst("^0+", "").length() > 10) {
            return VERY_LONG;
        }
        boolean more = seconds.group(2) != null && seconds.group(2).matches(".*[1-9].*");
        return Duration.ofSeconds(Long.parseLong(seconds.group(1)) + (more ? 1 : 0));
    }

    private static Optional<Duration> untilDate(String text, Clock clock) {
        return Stream.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850(clock), asctime())
                .flatMap(form -> date(text, form).stream())
                .findFirst()
                .map(date -> Duration.between(clock.instant(), date));
    }

    private static Optional<ZonedDateTime> date(String text, DateTimeFormatter form) {
        try {
            return Optional.of(ZonedDateTime.parse(text, form.withLocale(Locale.ENGLISH)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** {@code Sunday, 06-Nov-94 08:49:37 GMT}; a year more than 50 years ahead is one of the past. */
    private static DateTimeFormatter rfc850(Clock clock) {
        LocalDate base = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusYears(49);
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, base)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
    }

    /** {@code Sun Nov  6 08:49:37 1994}. */
    private static DateTimeFormatter asctime() {
        return new DateTimeFormatterBuilder()
                .appendPattern("EEE MMM ")
                .padNext(2)
                .appendPattern("d HH:mm:ss uuuu")
                .toFormatter(Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
    }
}
