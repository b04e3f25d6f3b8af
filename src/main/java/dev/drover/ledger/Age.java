package dev.drover.ledger;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses an age or an interval in a setting. Strict, because some ages make the program delete data. */
public final class Age {

    private static final Pattern PLAIN = Pattern.compile("(\\d{1,9})([dhms])");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("d", ChronoUnit.DAYS, "h", ChronoUnit.HOURS, "m", ChronoUnit.MINUTES, "s", ChronoUnit.SECONDS);

    private Age() {}

    /**
     * Parses {@code 90d}, {@code 12h}, {@code 30m}, {@code 5s}, ISO 8601 such as {@code P90D}, or {@code 0}.
     *
     * @param setting the name of the setting, for the message
     * @param zero the meaning of 0, for the message
     * @throws IllegalArgumentException if the text has another form
     */
    public static Duration of(String setting, String text, String zero) {
        String age = text.trim();
        Matcher plain = PLAIN.matcher(age);
        if (plain.matches()) {
            return Duration.of(Long.parseLong(plain.group(1)), UNITS.get(plain.group(2)));
        }
        Duration parsed;
        try {
            parsed = age.equals("0") ? Duration.ZERO : Duration.parse(age);
        } catch (DateTimeParseException e) {
            parsed = Duration.ofSeconds(-1);
        }
        if (parsed.isNegative()) {
            throw new IllegalArgumentException(setting + ": '" + text + "' is not allowed; set 0 " + zero
                    + ", or an age such as 90d, 12h or P90D");
        }
        return parsed;
    }
}
