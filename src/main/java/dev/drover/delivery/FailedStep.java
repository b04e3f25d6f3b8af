package dev.drover.delivery;

import dev.drover.ledger.Ledger;
import dev.drover.ledger.NoSuchColumnException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;

/**
 * Notes on the batch why it waits, for {@code status}, even if the failed step sends nothing. Halts the pipeline if the
 * step uses a column that the rows do not have, because a retry cannot help. Ends the exchange of a parked batch. Name this
 * bean as {@code onExceptionOccurredRef} in an error clause with retries. Thread-safe.
 */
public final class FailedStep implements Processor {

    @Override
    public void process(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Underway.endParked(exchange);
        if (failure != null) {
            Underway.failed(exchange, failure);
            Ledger ledger = Underway.ledger(exchange);
            if (ledger != null) {
                boolean unused = NoSuchColumnException.halts(
                        failure, exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class), ledger);
            }
        }
    }
}
