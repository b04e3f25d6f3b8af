package dev.drover.batch;

import dev.drover.ledger.RecordOnPage;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The body of an exchange: a record, a slice of records, or the records of a batch. */
final class Bodies {

    private Bodies() {}

    /** The body of the record, or of each record of the slice, on this exchange. */
    static List<?> of(RecordOnPage record, Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        int records = record.rows().size();
        if (body == null) {
            throw new IllegalStateException("a record reached the batch without a body");
        }
        if (records == 1 && body != record.rows()) {
            return List.of(body);
        }
        if (body instanceof List<?> bodies && bodies.size() == records) {
            if (bodies.stream().anyMatch(Objects::isNull)) {
                throw new IllegalStateException("a record of a slice reached the batch without a body");
            }
            return bodies;
        }
        throw new IllegalStateException("a slice of " + records + " records must stay a list of as many bodies");
    }

    /** Puts the batch on the exchange and removes everything else, so that no header of a record reaches a request. */
    static void carry(Batch batch, Exchange exchange) {
        exchange.removeProperty(RecordOnPage.PROPERTY);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setBody(batch.bodies());
    }
}
