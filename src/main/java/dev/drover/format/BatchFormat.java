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
 * Writes the records in the body of an exchange as the body of one request. It is a data format for the stock
 * {@code marshal} step: {@code custom: {ref: ndjson}}. It also sets the header {@code Content-Type}, which a
 * {@code setHeader} after the step can override.
 *
 * <p>The body is the batch of the aggregate, a list of records, or the lone record of a route without batches. A record is
 * anything that Jackson writes as a JSON object or array: a row, another map, a list, a tree, an object with getters. Text
 * and bytes are refused even if they contain JSON, because Jackson would write them as a string. So no step may marshal
 * single records before the batch. Values are written as in the JSON format of Camel: numbers exactly, NULL as
 * {@code null}, and characters beyond the Basic Multilingual Plane as four bytes of UTF-8, not escaped.
 *
 * <p>If a record cannot be written, the step fails with a {@link JsonProcessingException}, and the error clauses set that
 * record aside. If the route has a mistake, the step fails with an {@link IllegalStateException}, the error clauses keep
 * the batch, and the log and the status of the pipeline give the reason. The same records always give the same bytes.
 * Thread-safe once it is configured.
 */
abstract class BatchFormat extends DefaultDataFormat {

    private static final Logger LOG = LoggerFactory.getLogger(BatchFormat.class);

    /** The media type of the request body. */
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
            report(exchange, String.valueOf(mistake.getMessage()));
            throw mistake;
        }
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, contentType());
    }

    /** Reports the reason here, because nothing was sent and no other step knows it. */
    private static void report(Exchange exchange, String reason) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null && batch.ledger().faults().refused(reason)) {
            LOG.error(
                    "{}: {}. Nothing is lost: batches are kept until the route is corrected",
                    batch.getPipeline(),
                    reason);
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
