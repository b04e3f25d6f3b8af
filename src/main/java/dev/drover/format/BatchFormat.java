package dev.drover.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.drover.batch.Batch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultDataFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the records in the body of an exchange become the body of one request: a data format for the stock
 * {@code marshal} step, which names it by {@code custom: {ref: ndjson}}. It sets the header {@code Content-Type} too; a
 * {@code setHeader} after the step can say something else.
 *
 * <p>The body is the batch as the aggregate made it, a list of records, or the lone record of a route without batches.
 * A record is anything that Jackson writes as a JSON object or array: a row, another map, a list, a tree, an object
 * with getters. Text and bytes are refused even if they hold JSON, because Jackson would write them as a string; so no
 * step may marshal each record before the batch. Values are written as by Camel's own JSON format: numbers exactly, and
 * NULL as {@code null}; characters beyond the Basic Multilingual Plane are four bytes of UTF-8, not escaped.
 *
 * <p>A record that cannot be written fails the step with a {@link JsonProcessingException}; the error clauses set that
 * record aside. A mistake in the route fails the step with an {@link IllegalStateException}; the error clauses keep the
 * batch, and the log and the status of the pipeline say why. The same records always give the same bytes. Thread-safe
 * once it is configured.
 */
abstract class BatchFormat extends DefaultDataFormat {

    private static final Logger LOG = LoggerFactory.getLogger(BatchFormat.class);

    /** The media type of what is written. */
    abstract String contentType();

    /** Writes the records, at least one. */
    abstract void write(Exchange exchange, List<?> records, OutputStream out) throws IOException;

    @Override
    public final void marshal(Exchange exchange, @Nullable Object body, OutputStream out) throws IOException {
        List<?> records = records(body);
        try {
            if (records.isEmpty()) {
                throw new IllegalStateException("there is no record to write: the body of the marshal step is empty");
            }
            write(exchange, records, out);
        } catch (IllegalStateException mistake) {
            tell(exchange, String.valueOf(mistake.getMessage()));
            throw mistake;
        }
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, contentType());
    }

    /** Nothing was sent, so no other step says why the batch waits. */
    private static void tell(Exchange exchange, String reason) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null && batch.ledger().alarm(reason)) {
            LOG.error(
                    "{}: {}. Nothing is lost: batches are kept until the route is right", batch.getPipeline(), reason);
        }
    }

    private static List<?> records(@Nullable Object body) {
        if (body instanceof List<?> list) {
            return list;
        } else if (body instanceof Collection<?> several) {
            return List.copyOf(several);
        }
        return body == null ? List.of() : List.of(body);
    }

    @Override
    public final Object unmarshal(Exchange exchange, InputStream stream) {
        throw new UnsupportedOperationException("the formats of batches only write");
    }
}
