package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.Traced;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.StreamCache;
import org.jspecify.annotations.Nullable;

/** The batch of an exchange, or its record if it is delivered by itself. */
final class Underway {

    private static final String NOTED = "droverNotedFailure";
    private static final String SENT_BY = "droverSentBy";

    private Underway() {}

    /** The ledger of the batch or of the record; null if the exchange carries neither. */
    static @Nullable Ledger ledger(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            return batch.ledger();
        }
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        return record == null ? null : record.page().ledger();
    }

    /** Whether another process reads the batch, or the record, again. */
    static boolean isAbandoned(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            return batch.isAbandoned();
        }
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        return record != null && record.page().isAbandoned();
    }

    /**
     * Settles the batch or the record as accepted.
     *
     * @return its ledger
     * @throws IllegalStateException if the exchange has neither
     */
    static Ledger delivered(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            delivered(exchange, batch, batch.items());
            return batch.ledger();
        }
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (record == null) {
            throw new IllegalStateException(
                    "the outcome step settles a batch or a record of a page, and here is neither");
        }
        record.delivered();
        return record.page().ledger();
    }

    /** Settles these records of the batch as accepted. */
    static void delivered(Exchange exchange, Batch batch, List<BatchItem> accepted) {
        String step = String.valueOf(exchange.getProperty(SENT_BY));
        if (!batch.haltsForSecondDestination(step)) {
            batch.delivered(accepted, step);
        }
    }

    /** Notes that a step is about to send the batch or the record. */
    static void sentBy(Exchange exchange, NamedNode step) {
        exchange.setProperty(SENT_BY, step.getId());
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (record != null) {
            record.sent(step.getLocation() + ":" + step.getLineNumber());
        }
    }

    /** Notes the answer to an attempt with the batch or the record, for its trace. */
    static void answered(Exchange exchange, String destination, int status, @Nullable String receipt) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (batch != null) {
            batch.answered(destination, status, receipt);
        } else if (record != null) {
            record.answered(new Traced.Sent(null, destination, 1, status, receipt));
        }
    }

    /** The delivery route in which the exchange failed. */
    static Route route(Exchange failed) {
        return failed.getContext().getRoute(failed.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class));
    }

    /** Notes a failure on the batch, if there is one. Each failure is noted once. */
    static void failed(Exchange exchange, Throwable failure) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null && exchange.getProperty(NOTED) != failure) {
            exchange.setProperty(NOTED, failure);
            batch.failed(AttemptEnd.reasonOf(failure));
        }
    }

    /** Lets the clause at work make no more attempts with a parked batch, because it comes again by itself. */
    static void endParked(Exchange failed) {
        Batch batch = failed.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null && batch.isParked()) {
            failed.getExchangeExtension().setRedeliveryExhausted(true);
        }
    }

    /** The number of records; 1 for a request without records. */
    static int records(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        return batch == null ? 1 : Math.max(1, batch.getSize());
    }

    /** The number of bytes of the message; 0 if it is unknown before it is sent. */
    static long bytes(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof byte[] bytes) {
            return bytes.length;
        }
        return body instanceof StreamCache cache ? cache.length() : 0;
    }
}
