package dev.drover.jq;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * A decimal, or an integer of more than 15 digits. The functions of jackson-jq compute with the {@code double} of a number.
 * A {@code double} identifies a decimal of up to 15 digits, so sorting and comparing are exact. A number with more digits
 * refuses the conversion.
 */
final class ExactNumber extends DecimalNode {

    /** A {@code double} distinguishes all decimals of this many digits. */
    static final int DIGITS = 15;

    private static final long serialVersionUID = 1L;
    private static final long SMALL = 1_000_000_000_000_000L;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,4})?");

    private ExactNumber(BigDecimal value) {
        super(value);
    }

    /** The number; an integer that every function may use is a plain node of Jackson. */
    static NumericNode of(BigDecimal value) {
        boolean isSmall = value.scale() == 0 && value.precision() <= DIGITS;
        return isSmall ? JsonNodeFactory.instance.numberNode(value.longValueExact()) : new ExactNumber(value);
    }

    /**
     * A number as JSON writes it.
     *
     * @throws NumberFormatException if the text is not a number
     */
    static NumericNode parsed(String text) {
        if (!NUMBER.matcher(text.strip()).matches()) {
            throw new NumberFormatException();
        }
        return of(new BigDecimal(text.strip()));
    }

    @Override
    public double doubleValue() {
        if (decimalValue().stripTrailingZeros().precision() > DIGITS) {
            throw new IllegalArgumentException("a number of more than " + DIGITS
                    + " digits is exact with + - * / % and comparisons only; compute the rest in the SELECT");
        }
        return super.doubleValue();
    }

    @Override
    public long longValue() {
        try {
            return decimalValue().toBigInteger().longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a number is too large for this function of jq", e);
        }
    }

    @Override
    public int intValue() {
        return Math.toIntExact(longValue());
    }

    /** Creates exact numbers in a tree. */
    static final class Factory extends JsonNodeFactory {

        private static final long serialVersionUID = 1L;

        @Override
        public NumericNode numberNode(long value) {
            return Math.abs(value) < SMALL && value != Long.MIN_VALUE
                    ? super.numberNode(value)
                    : new ExactNumber(BigDecimal.valueOf(value));
        }

        @Override
        public ValueNode numberNode(BigInteger value) {
            return new ExactNumber(new BigDecimal(value));
        }

        @Override
        public ValueNode numberNode(BigDecimal value) {
            return new ExactNumber(value);
        }
    }
}
