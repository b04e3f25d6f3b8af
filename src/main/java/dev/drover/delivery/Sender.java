package dev.drover.delivery;

import dev.drover.batch.Batch;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** Sends a part of a batch through the delivery route that it came from, as an exchange of its own. Thread-safe. */
final class Sender {

    private @Nullable ProducerTemplate template;

    /**
     * Sends the part through the route in which this exchange failed; returns when its exchange has ended.
     *
     * @param attempt how often its records were answered for, 1 for the first time
     */
    Exchange send(Batch part, Exchange failed, int attempt) {
        CamelContext context = failed.getContext();
        String route = failed.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class);
        Endpoint delivery = context.getRoute(route).getEndpoint();
        Exchange exchange = exchangeOf(part, failed);
        exchange.setProperty(Rest.ATTEMPT, attempt);
        return template(context).send(delivery, exchange);
    }

    private synchronized ProducerTemplate template(CamelContext context) {
        if (template == null) {
            template = context.createProducerTemplate();
        }
        return template;
    }

    private static Exchange exchangeOf(Batch part, Exchange failed) {
        Exchange exchange = DefaultExchange.newFromEndpoint(failed.getFromEndpoint());
        exchange.setProperty(Batch.PROPERTY, part);
        exchange.getMessage().setHeaders(failed.getMessage().getHeaders());
        exchange.getMessage().removeHeaders("Camel*");
        exchange.getMessage().setBody(part.bodies());
        return exchange;
    }
}
