package dev.drover.delivery;

import dev.drover.ledger.JavaError;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Halts the pipeline of a page, record or batch that failed with an error of Java itself. Name this bean as
 * {@code onExceptionOccurredRef} in an error clause for {@link Error} without retries. Thread-safe.
 */
public final class Halt implements Processor {

    @Override
    public void process(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Ledger ledger = Underway.ledger(exchange);
        OpenPage page = exchange.getProperty(OpenPage.PROPERTY, OpenPage.class);
        if (ledger == null && page != null) {
            ledger = page.ledger();
        }
        if (ledger != null && failure != null) {
            JavaError.halt(ledger, failure);
        }
    }
}
