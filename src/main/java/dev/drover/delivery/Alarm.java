package dev.drover.delivery;

import dev.drover.ledger.Ledger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once that a destination refuses the pipeline itself and not its records, for instance because of a wrong address
 * or wrong credentials. The batch is kept and sent again. Name this bean as {@code onExceptionOccurredRef}; the outcome
 * step logs the end of the alarm.
 */
public final class Alarm implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

    @Override
    public void process(Exchange exchange) {
        Underway.endParked(exchange);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (AttemptEnd.isLimit(failure)) {
            return; // no alarm: the gate waits as long as the answer asks
        }
        String reason = AttemptEnd.reasonOf(failure);
        Ledger ledger = Underway.ledger(exchange);
        if (ledger != null && ledger.faults().refused(reason)) {
            LOG.error(
                    "{}: the destination refuses everything ({}); check its address and credentials. Nothing is lost:"
                            + " what it refuses is kept and tried again until it accepts",
                    ledger.pipeline(),
                    reason);
        }
    }
}
