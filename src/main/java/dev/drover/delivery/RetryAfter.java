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
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pause that an answer asks for by {@code Retry-After} (RFC 9110, 10.2.3), as seconds or as a date in one of the
 * three forms of RFC 9110, 5.6.7; without that field, by the usual fields of rate limits.
 */
final class RetryAfter {

    /** A time that is longer than any allowed pause. */
    private static final Duration VERY_LONG = Duration.ofDays(3650);

    /** Those of the milliseconds since 1970. */
    private static final int MOST_DIGITS = 13;

    private static final Pattern SECONDS = Pattern.compile("([0-9]+)(?:\\.([0-9]+))?");

    private RetryAfter() {}

    /**
     * The pause that the header fields of a failure ask for; empty if they ask for none. A rate limit asks for one in an
     * answer 429, or in another one that says that nothing remains.
     */
    static Optional<Duration> of(int status, @Nullable Map<String, String> headers) {
        if (headers == null) {
            return Optional.empty();
        }
        Clock clock = Clock.systemUTC();
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.putAll(headers);
        String asked = fields.get("Retry-After");
        return asked != null
                ? parse(asked, clock)
                : Quota.of(name -> Objects.requireNonNullElse(fields.get(name), ""), clock)
                        .filter(quota -> status == 429 || quota.remaining() == 0)
                        .map(Quota::reset);
    }

    /** The pause that the field asks for; empty if it has none that can be read, or one that is over. */
    static Optional<Duration> parse(String field, Clock clock) {
        String text = field.trim();
        Matcher seconds = SECONDS.matcher(text);
        Optional<Duration> pause = seconds.matches() ? Optional.of(seconds(seconds)) : untilDate(text, clock);
        return pause.filter(duration -> !duration.isNegative() && !duration.isZero());
    }

    /** The RFC allows no fraction of a second, but its meaning is clear: it is rounded up. */
    private static Duration seconds(Matcher seconds) {
        if (seconds.group(1).replaceFirst("^0+", "").length() > MOST_DIGITS) {
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
