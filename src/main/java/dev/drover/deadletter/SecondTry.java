package dev.drover.deadletter;

import dev.drover.batch.Batch;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the lone record of a refused batch once more, by an exchange of its own through the whole delivery route, so
 * that a pipeline which keeps what is refused notices when the destination accepts it.
 */
final class SecondTry {

    private static final String MARK = "droverSecondTry";

    /** How often the record was sent, as the bean {@code rest} counts: that does not send on what another began. */
    private static final String ATTEMPT = "attempt";

    private @Nullable ProducerTemplate template;

    /** Whether this exchange is such a try: what is refused in it is kept by the exchange that it is for. */
    static boolean isOne(Exchange exchange) {
        return exchange.getProperty(MARK) != null;
    }

    /**
     * Delivers it; returns when the try has ended.
     *
     * @param routeId the delivery route that refused it
     * @return whether the record is settled by that: delivered, or set aside because there is room again
     */
    boolean settles(Exchange exchange, Batch batch, @Nullable String routeId) {
        Route route = routeId == null ? null : exchange.getContext().getRoute(routeId);
        if (route != null) {
            template(exchange.getContext()).send(route.getEndpoint(), of(batch, route.getEndpoint(), exchange));
        }
        return batch.unsettled() == 0;
    }

    private synchronized ProducerTemplate template(CamelContext context) {
        if (template == null) {
            template = context.createProducerTemplate();
        }
        return template;
    }

    private static Exchange of(Batch batch, Endpoint route, Exchange refused) {
        Exchange exchange = DefaultExchange.newFromEndpoint(route);
        exchange.setProperty(Batch.PROPERTY, batch);
        exchange.setProperty(MARK, true);
        exchange.setProperty(ATTEMPT, refused.getProperty(ATTEMPT, 1, Integer.class) + 1);
        exchange.getMessage().setHeaders(refused.getMessage().getHeaders());
        exchange.getMessage().removeHeaders("Camel*");
        exchange.getMessage().setBody(batch.bodies());
        return exchange;
    }
}
