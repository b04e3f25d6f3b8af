package dev.drover.delivery;

import dev.drover.batch.Batch;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a refused batch by its halves: each goes through the whole delivery route again as an exchange of its own,
 * one after the other, with a key of its own, until the bad record stands alone. The batch must have been refused
 * definitely; one with an unknown outcome is never halved.
 */
public final class Halves {

    private @Nullable ProducerTemplate template;

    /** Delivers both halves of the exchange's batch; the second is not tried when the first was given up. */
    public void deliver(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        CamelContext context = exchange.getContext();
        String route = exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class);
        Endpoint delivery = context.getRoute(route).getEndpoint();
        for (Batch half : batch.halves()) {
            template(context).send(delivery, exchangeOf(half, exchange));
            if (half.unsettled() > 0) {
                return;
            }
        }
    }

    private synchronized ProducerTemplate template(CamelContext context) {
        if (template == null) {
            template = context.createProducerTemplate();
        }
        return template;
    }

    private static Exchange exchangeOf(Batch half, Exchange refused) {
        Exchange exchange = DefaultExchange.newFromEndpoint(refused.getFromEndpoint());
        exchange.setProperty(Batch.PROPERTY, half);
        exchange.getMessage().setHeaders(refused.getMessage().getHeaders());
        exchange.getMessage().removeHeaders("Camel*");
        exchange.getMessage().setBody(half.bodies());
        return exchange;
    }
}
