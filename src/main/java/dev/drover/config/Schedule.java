package dev.drover.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * The minutes in which a pipeline reads. Immutable.
 *
 * @param minutes the expression with a field for seconds before it; null means always
 * @param zone the time zone of the expression
 */
public record Schedule(@Nullable CronExpression minutes, ZoneId zone) {

    /** Allows reading at any time. */
    public static final Schedule ALWAYS = new Schedule(null, ZoneOffset.UTC);

    private static final int FIELDS = 5;

    /**
     * Parses five fields of cron, {@code minute hour day month weekday}, and an optional time zone; UTC by default.
     *
     * @param text such as {@code * 22-23,0-5 * * MON-FRI Europe/Berlin}; null means always
     * @throws OptionException if it has another form, or matches no minute
     */
    public static Schedule parse(@Nullable String text) {
        if (text == null) {
            return ALWAYS;
        }
        String[] words = text.strip().split("\\s+");
        if (words.length < FIELDS || words.length > FIELDS + 1) {
            throw refused(text, "it must have five fields and may have a time zone");
        }
        try {
            String fields = String.join(" ", List.of(words).subList(0, FIELDS));
            ZoneId zone = words.length > FIELDS ? ZoneId.of(words[FIELDS]) : ZoneOffset.UTC;
            Schedule schedule = new Schedule(CronExpression.parse("0 " + fields), zone);
            if (schedule.next(ZonedDateTime.now(zone)) == null) {
                throw refused(text, "no such minute ever comes");
            }
            return schedule;
        } catch (DateTimeException | IllegalArgumentException e) {
            if (e instanceof OptionException known) {
                throw known;
            }
            throw refused(
                    text, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static OptionException refused(String text, String why) {
        return new OptionException(
                "schedule",
                "'" + text
                        + "' is not allowed; write the minutes in which it reads as cron does, such as '* 22-23,0-5 * *"
                        + " MON-FRI Europe/Berlin': " + why);
    }

    private @Nullable ZonedDateTime next(ZonedDateTime after) {
        return minutes == null ? null : minutes.next(after);
    }

    /** The next minute in which it may read; empty if it may read now. */
    public Optional<ZonedDateTime> restsUntil(Instant now) {
        ZonedDateTime minute = now.atZone(zone).truncatedTo(ChronoUnit.MINUTES);
        ZonedDateTime next = next(minute.minusNanos(1));
        return next == null || next.equals(minute) ? Optional.empty() : Optional.of(next);
    }
}
