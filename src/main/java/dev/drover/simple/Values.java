package dev.drover.simple;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.camel.TypeConverter;
import org.apache.camel.support.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * Compares two values. Numbers of any type compare by their value; a {@code float} or {@code double} counts as its shortest
 * decimal, as in JSON. NaN equals itself and is greater than all other numbers, as in PostgreSQL. A text compared with a
 * number is read as a number. Two texts that are both numbers compare as numbers, because Camel does so with whole numbers.
 * Everything else compares as in Camel.
 */
final class Values {

    /** No exponent: the text of a row must not become a number of a million digits. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,400}(\\.\\d{1,400})?");

    private final TypeConverter converter;

    Values(TypeConverter converter) {
        this.converter = converter;
    }

    /** Whether two values are equal. NULL equals NULL only. */
    boolean equal(@Nullable Object left, @Nullable Object right, boolean ignoreCase) {
        if (left == null || right == null) {
            return left == right;
        }
        if (areNumbers(left, right)) {
            return compareNumbers(left, right) == 0;
        }
        return !isTextBesideNumber(left, right) && ObjectHelper.typeCoerceEquals(converter, left, right, ignoreCase);
    }

    /**
     * The order of two values that are not NULL.
     *
     * @throws IllegalArgumentException if one is a number and the other is a text that is not a number
     */
    int compare(Object left, Object right) {
        if (areNumbers(left, right)) {
            return compareNumbers(left, right);
        }
        if (isTextBesideNumber(left, right)) {
            throw new IllegalArgumentException("a number cannot be compared with a text that is not a number");
        }
        return ObjectHelper.typeCoerceCompare(converter, left, right);
    }

    private static boolean areNumbers(Object left, Object right) {
        return isNumber(left) && isNumber(right);
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number
                || (value instanceof String text && NUMBER.matcher(text.trim()).matches());
    }

    private static boolean isTextBesideNumber(Object left, Object right) {
        return (left instanceof Number && right instanceof String)
                || (left instanceof String && right instanceof Number);
    }

    private static int compareNumbers(Object left, Object right) {
        if (isWhole(left) && isWhole(right)) {
            return Long.compare(((Number) left).longValue(), ((Number) right).longValue());
        }
        if (isEndless(left) || isEndless(right)) {
            return Double.compare(number(left).doubleValue(), number(right).doubleValue());
        }
        return decimal(left).compareTo(decimal(right));
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    /** NaN or infinite. */
    private static boolean isEndless(Object value) {
        return (value instanceof Double || value instanceof Float) && !Double.isFinite(((Number) value).doubleValue());
    }

    private static Number number(Object value) {
        return value instanceof Number number ? number : decimal(value);
    }

    private static BigDecimal decimal(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        return value instanceof BigInteger whole
                ? new BigDecimal(whole)
                : new BigDecimal(Objects.toString(value).trim());
    }
}
