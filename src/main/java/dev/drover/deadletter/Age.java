package dev.drover.deadletter;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How an age is written in a setting; strict, because something is deleted by it. */
final class Age {

    private static final Pattern SHORT = Pattern.compile("(\\d{1,9})([dhms])");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("d", ChronoUnit.DAYS, "h", ChronoUnit.HOURS, "m", ChronoUnit.MINUTES, "s", ChronoUnit.SECONDS);

    private Age() {}

    /**
     * Reads {@code 0}, {@code 90d}, {@code 12h}, {@code 30m}, {@code 5s} or ISO 8601 such as {@code P90D}.
     *
     * @param key the setting, for the message
     * @throws IllegalArgumentException naming the setting, its value and what is allowed
     */
    static Duration parse(String key, String text) {
        String trimmed = text.trim();
        Matcher plain = SHORT.matcher(trimmed);
        if (plain.matches()) {
            return Duration.of(Long.parseLong(plain.group(1)), UNITS.get(plain.group(2)));
        }
        Duration iso = trimmed.equals("0") ? Duration.ZERO : iso(trimmed);
        if (iso.isNegative()) {
            throw new IllegalArgumentException(
                    key + ": '" + text + "' is not allowed; set 0 for ever, or an age such as 90d, 12h or P90D");
        }
        return iso;
    }

    /** Negative if it is none. */
    private static Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            return Duration.ofSeconds(-1);
        }
    }
}
