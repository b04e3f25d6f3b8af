package dev.drover.rows;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A number or time as its JSON text, made from the text that the database sent. It is parsed each time its value is read,
 * which most columns never need.
 *
 * @param text the digits of a number, or a time in ISO 8601
 * @param type parses the text
 */
record ColumnText(String text, Function<String, Object> type) {

    private static final String TIME = "0000-00-00T00:00:00";
    private static final int DATE_LENGTH = "0000-00-00".length();
    private static final int MICROS = 6;
    private static final Function<String, Object> DECIMAL = BigDecimal::new;

    /** The value, parsed if it was kept as text. */
    static @Nullable Object valueOf(@Nullable Object value) {
        return value instanceof ColumnText kept ? kept.type.apply(kept.text) : value;
    }

    void write(JsonGenerator json) throws IOException {
        if (type.equals(DECIMAL)) {
            json.writeNumber(text);
        } else {
            json.writeString(text);
        }
    }

    /** A number with the same text in JSON; null for every other text, such as {@code NaN} or {@code 007}. */
    static @Nullable ColumnText decimal(String sent) {
        int digits = sent.startsWith("-") ? 1 : 0;
        int point = sent.indexOf('.');
        int whole = (point < 0 ? sent.length() : point) - digits;
        boolean isNumber = areDigits(sent, digits, digits + whole)
                && (sent.charAt(digits) != '0' || (whole == 1 && digits == 0))
                && (point < 0 || areDigits(sent, point + 1, sent.length()));
        return isNumber ? new ColumnText(sent, DECIMAL) : null;
    }

    /** A date of PostgreSQL; null unless it has four digits for the year and two each for month and day. */
    static @Nullable ColumnText date(String sent) {
        return sent.length() == DATE_LENGTH && hasForm(sent, DATE_LENGTH)
                ? new ColumnText(sent, LocalDate::parse)
                : null;
    }

    /** A timestamp of PostgreSQL; null if its year has more than four digits, or if it is no time. */
    static @Nullable ColumnText timestamp(String sent) {
        String text = iso(sent, sent.length(), "");
        return text == null ? null : new ColumnText(text, ColumnText::time);
    }

    /** A timestamp of PostgreSQL in UTC; null if it is in another time zone, and like {@link #timestamp}. */
    static @Nullable ColumnText timestampInUtc(String sent) {
        String text = sent.endsWith("+00") ? iso(sent, sent.length() - 3, "Z") : null;
        return text == null ? null : new ColumnText(text, ColumnText::timeInUtc);
    }

    private static Object timeInUtc(String text) {
        return time(text.substring(0, text.length() - 1)).atOffset(ZoneOffset.UTC);
    }

    /** Adds the T, and fills the fraction, which PostgreSQL writes without trailing zeros, up to 3 or 6 digits. */
    @SuppressWarnings("deprecation") // all are ASCII, and so copied at once
    private static @Nullable String iso(String sent, int end, String zone) {
        int fraction = Math.max(0, end - TIME.length() - 1);
        boolean isTime = end >= TIME.length()
                && hasForm(sent, TIME.length())
                && (end == TIME.length()
                        || (sent.charAt(TIME.length()) == '.'
                                && fraction <= MICROS
                                && areDigits(sent, end - fraction, end)));
        if (!isTime) {
            return null;
        }
        int filled = end + (2 * MICROS - fraction) % 3;
        byte[] text = new byte[filled + zone.length()];
        sent.getBytes(0, end, text, 0);
        text[DATE_LENGTH] = 'T';
        Arrays.fill(text, end, filled, (byte) '0');
        zone.getBytes(0, zone.length(), text, filled);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static boolean hasForm(String text, int end) {
        for (int i = 0; i < end; i++) {
            char expected = TIME.charAt(i);
            char found = text.charAt(i);
            if (expected == '0' ? !isDigit(found) : found != (expected == 'T' ? ' ' : expected)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areDigits(String text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return from < end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Parses by hand, because keys need it for each row and a formatter takes ten times longer. */
    private static LocalDateTime time(String text) {
        int fraction = text.length() - TIME.length() - 1;
        int nanos =
                fraction < 0 ? 0 : number(text, TIME.length() + 1, text.length()) * (fraction == 3 ? 1_000_000 : 1000);
        return LocalDateTime.of(
                number(text, 0, 4),
                number(text, 5, 7),
                number(text, 8, 10),
                number(text, 11, 13),
                number(text, 14, 16),
                number(text, 17, 19),
                nanos);
    }

    private static int number(String text, int from, int end) {
        return Integer.parseInt(text, from, end, 10);
    }
}
