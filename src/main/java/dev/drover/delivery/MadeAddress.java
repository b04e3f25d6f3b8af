package dev.drover.delivery;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.builder.EndpointProducerBuilder;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.SimpleExpression;
import org.apache.camel.support.EndpointHelper;
import org.apache.camel.support.ExpressionAdapter;

/**
 * An address that a step makes of each message, in Camel's simple language. It is sent to as it was made, and a value of
 * the message is never taken for an option.
 */
final class MadeAddress extends ExpressionAdapter implements EndpointProducerBuilder {

    private final String uri;
    private final WrittenAddresses written;
    private List<Expression> expressions = List.of();

    MadeAddress(String uri, WrittenAddresses written) {
        this.uri = uri;
        this.written = written;
    }

    /** The same text, which makes an address. */
    static ExpressionDefinition in(ExpressionDefinition written, WrittenAddresses addresses) {
        ExpressionDefinition made = new SimpleExpression(new MadeAddress(written.getExpression(), addresses));
        made.setExpression(written.getExpression());
        return made;
    }

    /** Runs first when the route is built: only then are the parameters of its Kamelet known. */
    @Override
    public void init(CamelContext context) {
        super.init(context);
        if (expressions.isEmpty()) {
            WrittenAddresses.Parts parts = written.parts(uri);
            expressions = Stream.of(parts.head(), parts.sent(), parts.options(), uri)
                    .map(text -> simple(text, context))
                    .toList();
        }
    }

    private static Expression simple(String text, CamelContext context) {
        String resolved = EndpointHelper.resolveEndpointUriPropertyPlaceholders(context, text);
        Expression expression = context.resolveLanguage("simple").createExpression(resolved);
        expression.init(context);
        return expression;
    }

    @Override
    public Object evaluate(Exchange exchange) {
        return written.made(new WrittenAddresses.Parts(text(0, exchange), text(1, exchange), text(2, exchange)))
                .orElseGet(() -> text(3, exchange));
    }

    private String text(int expression, Exchange exchange) {
        return expressions.get(expression).evaluate(exchange, String.class);
    }

    @Override
    public Expression expr(CamelContext context) {
        init(context);
        return this;
    }

    @Override
    public String getRawUri() {
        return uri;
    }

    @Override
    public String toString() {
        return uri;
    }

    @Override
    public <T extends Endpoint> T resolve(CamelContext context, Class<T> type) {
        throw new UnsupportedOperationException("made of a message");
    }

    @Override
    public Endpoint resolve(CamelContext context) {
        return resolve(context, Endpoint.class);
    }

    @Override
    public void doSetProperty(String name, Object value) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public void doSetMultiValueProperty(String name, String key, Object value) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public void doSetMultiValueProperties(String name, String prefix, Map<String, Object> values) {
        throw new UnsupportedOperationException(name);
    }
}
