package dev.drover.delivery;

import dev.drover.batch.Batch;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once, clearly, that a destination refuses the pipeline itself and not its records (wrong address, wrong
 * credentials): its batches are kept and tried again. To be named as {@code onExceptionOccurredRef}; the outcome step
 * gives the all-clear.
 */
public final class Alarm implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

    @Override
    public void process(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        String reason = Failure.of(exchange);
        if (batch == null) {
            return;
        }
        batch.failed(reason);
        if (batch.ledger().alarm(reason)) {
            LOG.error(
                    "{}: the destination refuses every batch ({}); check its address and credentials. Nothing is lost:"
                            + " the batches are kept and tried again until it accepts",
                    batch.getPipeline(),
                    reason);
        }
    }
}
