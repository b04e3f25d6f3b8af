package dev.drover.delivery;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Notes on the batch why it waits, for {@code status}, also when a step failed that sends nothing. To be named as
 * {@code onExceptionOccurredRef} in a clause that tries again. Thread-safe.
 */
public final class FailedStep implements Processor {

    @Override
    public void process(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure != null) {
            Underway.failed(exchange, failure);
        }
    }
}
