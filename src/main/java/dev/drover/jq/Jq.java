package dev.drover.jq;

import dev.drover.ledger.NoSuchColumnException;
import dev.drover.ledger.RecordOnPage;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.SingleInputTypedLanguageSupport;
import org.jspecify.annotations.Nullable;

/**
 * The language {@code jq} of Camel's expressions, with exact numbers: {@code setBody: {jq: "{id, total: .amount}"}}.
 *
 * <p>The input is a record, or any other value that Jackson can write; a text or a stream must be JSON. The expression
 * must have one result: a map, a list, a text, a number, a boolean or null. An invalid expression, or one that calls an
 * unknown function, is refused when it is created. An expression that fails for a record
 * fails its step, and the message names the place of the step, the key of the record and the expression. A column that is
 * not read is a mistake in the route: {@link NoSuchColumnException} halts the pipeline. Thread-safe.
 */
public final class Jq extends SingleInputTypedLanguageSupport {

    @Override
    public Expression createExpression(Expression source, String expression, Object @Nullable [] properties) {
        Filter filter = Filter.of(expression.strip());
        return new ExpressionAdapter() {
            @Override
            public @Nullable Object evaluate(Exchange exchange) {
                try {
                    return filter.apply(json(source.evaluate(exchange, Object.class), exchange));
                } catch (IOException e) {
                    String reason =
                            String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                    String message = "jq " + filter + " failed" + place(exchange) + ": " + reason;
                    throw new ExpressionEvaluationException(this, message, exchange, e);
                }
            }

            @Override
            public String toString() {
                return filter.toString();
            }
        };
    }

    /** Returns JSON text as bytes, and any other value unchanged. */
    private static @Nullable Object json(@Nullable Object value, Exchange exchange) {
        boolean isWritten = value instanceof String || value instanceof InputStream;
        return isWritten ? exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, value) : value;
    }

    /** The key of the record and the place of the step, if they are known. */
    private static String place(Exchange exchange) {
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        String step = exchange.getExchangeExtension().getHistoryNodeSource();
        return (record == null || record.rows().size() != 1 ? "" : " for the record " + record.key(0))
                + (step == null ? "" : " (" + step.replaceFirst("^file:", "") + ")");
    }
}
