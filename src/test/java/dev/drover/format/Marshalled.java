package dev.drover.format;

import dev.drover.batch.Batch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** What a format makes of a body: the text of the request, and its Content-Type. */
record Marshalled(String text, String contentType) {

    private static final CamelContext CAMEL = new DefaultCamelContext(false);

    static Marshalled by(DataFormat format, @Nullable Object body) throws Exception {
        return by(format, body, new DefaultExchange(CAMEL));
    }

    /** The body is that of the batch. */
    static Marshalled by(DataFormat format, Batch batch) throws Exception {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setProperty(Batch.PROPERTY, batch);
        return by(format, batch.bodies(), exchange);
    }

    static Marshalled by(DataFormat format, @Nullable Object body, Exchange exchange) throws Exception {
        format.start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.marshal(exchange, body, out);
        return new Marshalled(
                out.toString(StandardCharsets.UTF_8),
                exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, String.class));
    }
}
