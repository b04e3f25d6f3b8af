package dev.drover.batch;

import java.io.IOException;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** Sends a batch or a part of a batch through its whole delivery route, as an exchange of its own. Thread-safe. */
public final class PartSender {

    /** The exchange property with the number of times that the records of an exchange were sent. */
    public static final String ATTEMPT = "attempt";

    private @Nullable ProducerTemplate template;

    /** The number of times that the records of this exchange were sent, counted from 1. */
    public static int attempt(Exchange exchange) {
        return exchange.getProperty(ATTEMPT, 1, Integer.class);
    }

    /**
     * Sends a part with the headers of the failed exchange, except Camel's own headers. Returns when its exchange has
     * ended.
     *
     * @param route the delivery route
     * @param properties the properties of the exchange in addition to the batch
     */
    public Exchange send(Batch part, Exchange failed, Route route, Map<String, Object> properties) {
        Exchange exchange = DefaultExchange.newFromEndpoint(failed.getFromEndpoint());
        exchange.setProperty(Batch.PROPERTY, part);
        properties.forEach(exchange::setProperty);
        exchange.getMessage().setHeaders(failed.getMessage().getHeaders());
        exchange.getMessage().removeHeaders("Camel*");
        exchange.getMessage().setBody(part.bodies());
        return template(failed.getContext()).send(route.getEndpoint(), exchange);
    }

    /** Sends a batch without an exchange through the route of this endpoint. Returns when its exchange has ended. */
    public static void sendAgain(Batch batch, Endpoint route) {
        sendAgain(batch, route, () -> {});
    }

    /**
     * Sends a batch like {@link #sendAgain(Batch, Endpoint)}.
     *
     * @param last is done after the exchange, as a part of the delivery
     */
    public static void sendAgain(Batch batch, Endpoint route, Runnable last) {
        Exchange exchange = DefaultExchange.newFromEndpoint(route);
        exchange.setProperty(Batch.PROPERTY, batch);
        exchange.getMessage().setBody(batch.bodies());
        batch.ledger().deliveries().begin(batch);
        try (ProducerTemplate template = route.getCamelContext().createProducerTemplate()) {
            Exchange unused = template.send(route, exchange);
            last.run();
        } catch (IOException e) {
            throw new IllegalStateException("closing a template does no input or output", e);
        } finally {
            batch.ledger().deliveries().end(batch);
        }
    }

    private synchronized ProducerTemplate template(CamelContext context) {
        if (template == null) {
            template = context.createProducerTemplate();
        }
        return template;
    }
}
