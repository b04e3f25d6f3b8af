package dev.drover.simple;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.TypeConverter;
import org.apache.camel.language.simple.ast.BinaryExpression;
import org.apache.camel.language.simple.ast.NumericExpression;
import org.apache.camel.language.simple.ast.SimpleNode;
import org.apache.camel.language.simple.types.BinaryOperatorType;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.ObjectHelper;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.jspecify.annotations.Nullable;

/** A comparison of the simple language that compares the values of its two sides. */
final class ExactComparison extends BinaryExpression {

    private static final Pattern LITERAL = Pattern.compile("-?\\d+(?:\\.\\d+)?");
    private static final Pattern RANGE = Pattern.compile("\\s*(-?\\d+(?:\\.\\d+)?)\\.\\.(-?\\d+(?:\\.\\d+)?)\\s*");

    ExactComparison(BinaryExpression stock) {
        super(stock.getToken());
        acceptLeftNode(stock.getLeft());
        acceptRightNode(stock.getRight());
    }

    /** Whether this operator compares values; others test texts, lists or classes. */
    static boolean compares(BinaryExpression expression) {
        return switch (expression.getOperator()) {
            case EQ, EQ_IGNORE, NOT_EQ, NOT_EQ_IGNORE, GT, GTE, LT, LTE, IN, NOT_IN, RANGE, NOT_RANGE -> true;
            default -> false;
        };
    }

    @Override
    public Expression createExpression(CamelContext context, String expression) {
        Expression left = side(getLeft(), context, expression);
        Expression right = side(getRight(), context, expression);
        BiPredicate<@Nullable Object, @Nullable Object> test = test(context.getTypeConverter(), expression);
        return new ExpressionAdapter() {
            @Override
            public void init(CamelContext starting) {
                super.init(starting);
                left.init(starting);
                right.init(starting);
            }

            @Override
            public Object evaluate(Exchange exchange) {
                return test.test(left.evaluate(exchange, Object.class), right.evaluate(exchange, Object.class));
            }

            @Override
            public String toString() {
                return ExactComparison.this.toString();
            }
        };
    }

    /** Keeps a decimal literal exact: Camel reads it as a double, which has 15 digits. */
    private static Expression side(SimpleNode node, CamelContext context, String expression) {
        if (!(node instanceof NumericExpression numeric)) {
            return node.createExpression(context, expression);
        }
        String token = node.getToken().getText();
        Matcher written = LITERAL.matcher(token);
        if (!written.matches()) { // the token is only the sign; the literal follows it
            written = LITERAL.matcher(expression).region(node.getToken().getIndex(), expression.length());
        }
        return ExpressionBuilder.constantExpression(new BigDecimal(
                written.matches() || written.lookingAt()
                        ? written.group()
                        : numeric.getNumber().toString()));
    }

    private BiPredicate<@Nullable Object, @Nullable Object> test(TypeConverter converter, String expression) {
        Values values = new Values(converter);
        BinaryOperatorType operator = getOperator();
        return switch (operator) {
            case EQ -> (left, right) -> values.equal(left, right, false);
            case EQ_IGNORE -> (left, right) -> values.equal(left, right, true);
            case NOT_EQ -> (left, right) -> !values.equal(left, right, false);
            case NOT_EQ_IGNORE -> (left, right) -> !values.equal(left, right, true);
            case GT -> (left, right) -> ordered(left, right) && values.compare(left, right) > 0;
            case GTE -> (left, right) -> ordered(left, right) && values.compare(left, right) >= 0;
            case LT -> (left, right) -> ordered(left, right) && values.compare(left, right) < 0;
            case LTE -> (left, right) -> ordered(left, right) && values.compare(left, right) <= 0;
            case IN -> (left, right) -> in(values, left, right);
            case NOT_IN -> (left, right) -> !in(values, left, right);
            case RANGE -> (left, right) -> inRange(values, left, right, expression);
            case NOT_RANGE -> (left, right) -> !inRange(values, left, right, expression);
            default -> throw new IllegalStateException(operator + " is not a comparison");
        };
    }

    /** NULL has no order. */
    private static boolean ordered(@Nullable Object left, @Nullable Object right) {
        return left != null && right != null;
    }

    private static boolean in(Values values, @Nullable Object left, @Nullable Object right) {
        Iterator<?> listed = ObjectHelper.createIterator(right);
        while (listed.hasNext()) {
            if (values.equal(left, listed.next(), false)) {
                return true;
            }
        }
        return false;
    }

    private boolean inRange(Values values, @Nullable Object left, @Nullable Object right, String expression) {
        Matcher range = RANGE.matcher(String.valueOf(right));
        if (!range.matches()) {
            throw new SimpleIllegalSyntaxException(
                    expression, getRight().getToken().getIndex(), getOperator() + " needs two numbers as 'from..to'");
        }
        return left != null
                && values.compare(left, new BigDecimal(range.group(1))) >= 0
                && values.compare(left, new BigDecimal(range.group(2))) <= 0;
    }

    /**
     * Compares two values. Numbers of any type compare by their value; a {@code float} or {@code double} counts as its shortest
     * decimal, as in JSON. NaN equals itself and is greater than all other numbers, as in PostgreSQL. A text compared with a
     * number is read as a number. Two texts that are both numbers compare as numbers, because Camel does so with whole numbers.
     * Everything else compares as in Camel.
     */
    private static final class Values {

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
            return !isTextBesideNumber(left, right)
                    && ObjectHelper.typeCoerceEquals(converter, left, right, ignoreCase);
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
                    || (value instanceof String text
                            && NUMBER.matcher(text.trim()).matches());
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
            return (value instanceof Double || value instanceof Float)
                    && !Double.isFinite(((Number) value).doubleValue());
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
}
