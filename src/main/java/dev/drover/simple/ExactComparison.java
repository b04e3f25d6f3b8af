package dev.drover.simple;

import java.math.BigDecimal;
import java.util.Iterator;
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

/** A comparison of the simple language that compares the {@link Values} of its two sides. */
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
}
