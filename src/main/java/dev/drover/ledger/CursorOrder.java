package dev.drover.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The order of key values where Java and the database agree on it: numbers, times, truth values, bytes and UUIDs. Text
 * has the order of its column, which only the database knows.
 */
public final class CursorOrder {

    /** The order is not known without the database. */
    public static final int UNKNOWN = Integer.MIN_VALUE;

    private static final Pattern CLOCK = Pattern.compile("(-?)([0-9]{2,3}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,6}))?");
    private static final Pattern ZERO_DATE = Pattern.compile("([0-9]{4}-(?:00-[0-9]{2}|[0-9]{2}-00)).*");

    private CursorOrder() {}

    /** Whether every value can be compared without the database. */
    public static boolean isKnown(Cursor cursor) {
        return cursor.values().stream().allMatch(value -> value instanceof Number || value instanceof Temporal);
    }

    /**
     * The lower of two cursors of one key.
     *
     * @throws IllegalArgumentException if the first, an {@code until}, cannot be compared with the other
     */
    public static Cursor lower(Cursor one, Cursor other) {
        int part = difference(one, other);
        int order =
                part < 0 ? 0 : compare(one.values().get(part), other.values().get(part));
        if (order == UNKNOWN) {
            throw new IllegalArgumentException("until: cannot be compared with the key, which is a "
                    + other.values().get(part).getClass().getSimpleName());
        }
        return order <= 0 ? one : other;
    }

    /** Whether a cursor is known, without the database, to be at or before another one of its key. */
    public static boolean isUpTo(Cursor one, Cursor other) {
        int part = difference(one, other);
        int order = part >= 0 && isKnown(one) && isKnown(other)
                ? compare(one.values().get(part), other.values().get(part))
                : UNKNOWN;
        return part < 0 || (order < 0 && order != UNKNOWN);
    }

    /** The first key column in which two cursors of one key differ; -1 if they are equal. */
    static int difference(Cursor one, Cursor other) {
        return IntStream.range(0, one.values().size())
                .filter(part -> compare(one.values().get(part), other.values().get(part)) != 0)
                .findFirst()
                .orElse(-1);
    }

    /**
     * Compares two values of one key column.
     *
     * @return below 0, 0, above 0, or {@link #UNKNOWN}
     */
    public static int compare(Object one, Object other) {
        if (one instanceof Long a && other instanceof Long b) {
            return Long.compare(a, b);
        }
        if (one instanceof Number a && other instanceof Number b) {
            return numbers(a, b);
        }
        if (one instanceof String a) {
            return other instanceof String b ? texts(a, b) : known(-besideText(other, a));
        }
        if (other instanceof String b) {
            return known(besideText(one, b));
        }
        if (one.getClass() == other.getClass()) {
            return sameType(one, other);
        }
        if (one instanceof Boolean || other instanceof Boolean) {
            return truths(one, other);
        }
        return one instanceof byte[] || other instanceof byte[] ? UNKNOWN : times(one, other);
    }

    private static int known(int order) {
        return order == -UNKNOWN ? UNKNOWN : order;
    }

    /** Equal texts are equal in every collation. Only the collation knows the order of other texts. */
    private static int texts(String one, String other) {
        return one.equals(other) ? 0 : UNKNOWN;
    }

    private static int sameType(Object one, Object other) {
        if (one instanceof UUID a) {
            return unsigned(a, (UUID) other);
        }
        if (one instanceof byte[] a) {
            return Arrays.compareUnsigned(a, (byte[]) other);
        }
        if (one instanceof OffsetDateTime a) {
            return a.toInstant().compareTo(((OffsetDateTime) other).toInstant());
        }
        if (one instanceof Boolean a) {
            return a.compareTo((Boolean) other);
        }
        return times(one, other);
    }

    /** Compares the bytes, unlike {@link UUID#compareTo}. */
    private static int unsigned(UUID one, UUID other) {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }

    /** A MariaDB boolean is a number. Its driver returns 0 and 1 as booleans. */
    private static int truths(Object one, Object other) {
        boolean numbers = (one instanceof Number || one instanceof Boolean)
                && (other instanceof Number || other instanceof Boolean);
        return numbers ? numbers(number(one), number(other)) : UNKNOWN;
    }

    private static Number number(Object value) {
        return value instanceof Boolean truth ? (Number) (truth ? 1 : 0) : (Number) value;
    }

    private static int numbers(Number one, Number other) {
        if (isWhole(one) && isWhole(other)) {
            return Long.compare(one.longValue(), other.longValue());
        }
        if ((isFloating(one) && isFloating(other)) || isBeyond(one) || isBeyond(other)) {
            return floating(one.doubleValue(), other.doubleValue());
        }
        return decimal(one).compareTo(decimal(other));
    }

    private static boolean isWhole(Number number) {
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }

    private static boolean isFloating(Number number) {
        return number instanceof Double || number instanceof Float;
    }

    private static boolean isBeyond(Number number) {
        return isFloating(number) && !Double.isFinite(number.doubleValue());
    }

    /** In a database NaN is greater than all other numbers and equal to itself, and -0 equals 0. */
    private static int floating(double one, double other) {
        return one == other ? 0 : Double.compare(one, other);
    }

    private static BigDecimal decimal(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        if (number instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        return isFloating(number) ? new BigDecimal(number.doubleValue()) : BigDecimal.valueOf(number.longValue());
    }

    /** Compares two times of one type, or of types that a literal or another driver may use for the same column. */
    private static int times(Object one, Object other) {
        Object a = modern(one);
        Object b = modern(other);
        if (a instanceof LocalDateTime time && b instanceof LocalDateTime otherTime) {
            return time.compareTo(otherTime);
        }
        if (a instanceof LocalTime time && b instanceof LocalTime otherTime) {
            return time.compareTo(otherTime);
        }
        return a instanceof Instant instant && b instanceof Instant otherInstant
                ? instant.compareTo(otherInstant)
                : UNKNOWN;
    }

    private static Object modern(Object value) {
        if (value instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime();
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate().atStartOfDay();
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay();
        }
        return value instanceof OffsetDateTime time ? time.toInstant() : value;
    }

    /** Compares a number or time with the text that a driver returns for a value that Java cannot hold. */
    private static int besideText(Object value, String text) {
        if (value instanceof LocalTime time) {
            Matcher clock = CLOCK.matcher(text);
            return clock.matches() ? Long.compare(time.toNanoOfDay() / 1000, micros(clock)) : UNKNOWN;
        }
        if (value instanceof Number || value instanceof Temporal) {
            if (text.equals("infinity") || text.equals("Infinity") || text.equals("NaN")) {
                return -1;
            }
            if (text.equals("-infinity") || text.equals("-Infinity")) {
                return 1;
            }
        }
        return besideZeroDate(value, text);
    }

    private static int besideZeroDate(Object value, String text) {
        Matcher zero = ZERO_DATE.matcher(text);
        if (!zero.matches() || !(value instanceof LocalDate || value instanceof LocalDateTime)) {
            return UNKNOWN;
        }
        return value.toString().substring(0, 10).compareTo(zero.group(1));
    }

    private static long micros(Matcher clock) {
        long seconds = (Long.parseLong(clock.group(2)) * 60 + Long.parseLong(clock.group(3))) * 60
                + Long.parseLong(clock.group(4));
        String fraction = clock.group(5) == null ? "" : clock.group(5);
        long micros = seconds * 1_000_000 + Long.parseLong((fraction + "000000").substring(0, 6));
        return clock.group(1).isEmpty() ? micros : -micros;
    }
}
