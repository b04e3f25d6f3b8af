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

/** What an exchange is under way with: a batch, or a record that is delivered by itself. */
final class Underway {

    private static final String NOTED = "notedFailure";
    private static final String SENT_BY = "sentBy";

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
     * The batch, or the record, was accepted: it is settled.
     *
     * @return its ledger
     * @throws IllegalStateException if the exchange carries neither
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

    /** These of its records were accepted: they are settled. */
    static void delivered(Exchange exchange, Batch batch, List<BatchItem> accepted) {
        String step = String.valueOf(exchange.getProperty(SENT_BY));
        if (!batch.haltsForSecondDestination(step)) {
            batch.delivered(accepted, step);
        }
    }

    /** A step is about to send what the exchange carries. */
    static void sentBy(Exchange exchange, NamedNode step) {
        exchange.setProperty(SENT_BY, step.getId());
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (record != null) {
            record.sent(step.getLocation() + ":" + step.getLineNumber());
        }
    }

    /** An attempt with the batch, or with the record, was answered so; for its trace. */
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

    /** Notes a failure on the batch, if there is one; each failure once. */
    static void failed(Exchange exchange, Throwable failure) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null && exchange.getProperty(NOTED) != failure) {
            exchange.setProperty(NOTED, failure);
            batch.failed(Failure.of(failure));
        }
    }

    /** How many records it carries; 1 if it carries none, since it is a request. */
    static int records(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        return batch == null ? 1 : Math.max(1, batch.getSize());
    }

    /** How many bytes its message has; 0 where that is not known before it is sent. */
    static long bytes(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof byte[] bytes) {
            return bytes.length;
        }
        return body instanceof StreamCache cache ? cache.length() : 0;
    }
}
