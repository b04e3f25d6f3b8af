package dev.drover.delivery;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests, or records, a destination takes in a time: {@code 100/s}, {@code 600/m}, {@code 5000 records/s}.
 *
 * @param text as it was written
 * @param nanos of one request or record, spread evenly over the time; 0 for no limit
 * @param ofRecords whether records are counted, not requests
 */
record Rate(String text, long nanos, boolean ofRecords) {

    static final Rate NONE = new Rate("0", 0, false);

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})( records)?/([smh])");

    static Rate of(String text) {
        String stripped = text.strip();
        if (stripped.equals("0")) {
            return NONE;
        }
        Matcher form = FORM.matcher(stripped);
        if (!form.matches()) {
            throw new IllegalArgumentException("rate: " + text
                    + " is not allowed, it must be like 100/s, 600/m or 5000 records/s, or 0 for no limit");
        }
        TimeUnit unit =
                switch (form.group(3)) {
                    case "s" -> TimeUnit.SECONDS;
                    case "m" -> TimeUnit.MINUTES;
                    default -> TimeUnit.HOURS;
                };
        return new Rate(stripped, unit.toNanos(1) / Long.parseLong(form.group(1)), form.group(2) != null);
    }

    /** How many nanoseconds a request with so many records takes of it. */
    long cost(int records) {
        return ofRecords ? nanos * records : nanos;
    }

    @Override
    public String toString() {
        return text;
    }
}
