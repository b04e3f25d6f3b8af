package dev.drover.delivery;

import dev.drover.ledger.Ledger;
import dev.drover.ledger.Settling;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the answer to an attempt and settles the records it accepts. The policy is {@code status}: 2xx accepts all of
 * the batch, or the record that is delivered by itself. Fails closed: an answer without a status, or with another one,
 * accepts nothing.
 */
public final class Outcome implements Settling {

    private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);

    /** Settles the batch of the exchange after its request was answered; a record without a batch then ends in place. */
    public void settle(Exchange exchange) {
        Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (status == null || status < 200 || status > 299) {
            throw new IllegalStateException("the destination answered with status " + status + ", nothing is settled");
        }
        Ledger ledger = Underway.delivered(exchange);
        if (ledger.allClear()) {
            LOG.info("{}: the destination accepts again", ledger.pipeline());
        }
    }
}
