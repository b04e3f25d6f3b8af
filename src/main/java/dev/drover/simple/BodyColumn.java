package dev.drover.simple;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.language.simple.ast.BaseSimpleNode;
import org.apache.camel.language.simple.ast.SimpleFunctionStart;
import org.apache.camel.language.simple.ast.SimpleNode;
import org.apache.camel.support.ExpressionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * The function {@code ${body[column]}}, which routes evaluate for each record. Camel finds the methods of the body first, in a
 * cache whose key is the hash of the body, and so of all values of a row. This takes the value of a map that has the column; for
 * any other body the function of Camel runs.
 */
final class BodyColumn extends ExpressionAdapter {

    private static final Pattern FUNCTION = Pattern.compile("\\$\\{body\\[(['\"]?)([^'\"\\[\\]{}.?]+)\\1]}");

    private final String column;
    private final Expression stock;

    private BodyColumn(String column, Expression stock) {
        this.column = column;
        this.stock = stock;
    }

    /** The same node of a condition, which reads the column if it is this function. */
    static SimpleNode in(SimpleNode node) {
        if (!(node instanceof SimpleFunctionStart)
                || !FUNCTION.matcher(node.toString()).matches()) {
            return node;
        }
        return new BaseSimpleNode(node.getToken()) {
            @Override
            public Expression createExpression(CamelContext context, String expression) {
                Expression stock = node.createExpression(context, expression);
                return of(toString(), stock).orElse(stock);
            }

            @Override
            public String createCode(CamelContext context, String expression) {
                return node.createCode(context, expression);
            }

            @Override
            public String toString() {
                return node.toString();
            }
        };
    }

    /**
     * The same function, if it is of this form.
     *
     * @param function as it is written
     * @param stock the function of Camel
     */
    static Optional<Expression> of(String function, Expression stock) {
        Matcher written = FUNCTION.matcher(function);
        return written.matches() ? Optional.of(new BodyColumn(written.group(2).trim(), stock)) : Optional.empty();
    }

    @Override
    public void init(CamelContext context) {
        super.init(context);
        stock.init(context);
    }

    @Override
    public @Nullable Object evaluate(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Map<?, ?> map && map.containsKey(column)
                ? map.get(column)
                : stock.evaluate(exchange, Object.class);
    }

    @Override
    public String toString() {
        return stock.toString();
    }
}
