package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.batch.PartSender;
import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a refused batch by its parts: each goes through the whole delivery route again as an exchange of its own, one
 * after the other, with a key of its own, until the bad record stands alone. Halves, or parts of the size that the
 * destination takes if the batch was too large. The batch must have been refused definitely; one with an unknown outcome
 * is never divided.
 */
public final class Parts {

    /** The exchange property with the share of the batch that the destination takes at once, if it was too large. */
    static final String SHARE = "partShare";

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final PartSender sender = new PartSender();
    private int most = 200;
    private Duration pause = Duration.ofSeconds(30);

    /**
     * How often a batch is divided at once, with all its parts. A service that refuses more than that is perhaps wrong
     * itself: each further division waits for {@link #setPause} and raises the alarm.
     *
     * @param divisions at least 1; 200 by default
     */
    public void setMost(int divisions) {
        most = Math.toIntExact(Options.atLeast("most", divisions, 1));
    }

    public int getMost() {
        return most;
    }

    /**
     * How long a division waits when there were too many.
     *
     * @param millis milliseconds, at least 0; 30000 by default
     */
    public void setPause(long millis) {
        pause = Duration.ofMillis(Options.atLeast("pause", millis, 0));
    }

    public long getPause() {
        return pause.toMillis();
    }

    /** Delivers the parts of the exchange's batch; those after one that was given up are not tried. */
    public void deliver(Exchange exchange) throws InterruptedException {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch.divided() > most && !slowedDown(batch.ledger())) {
            return;
        }
        Double share = exchange.getProperty(SHARE, Double.class);
        List<Batch> parts = share == null ? batch.halves() : batch.parts(share);
        for (Batch part : parts) {
            Exchange unused = sender.send(part, exchange, Underway.route(exchange), Map.of());
            if (part.unsettled() > 0) {
                return;
            }
        }
    }

    /** Says of a lone record why it was refused, for the dead-letter route. */
    public void refused(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure instanceof HttpOperationFailedException answer) {
            String body = answer.getResponseBody() == null ? "" : answer.getResponseBody();
            exchange.setProperty("status", answer.getStatusCode());
            exchange.setProperty("reason", "status " + answer.getStatusCode() + (body.isBlank() ? "" : ": " + body));
        }
    }

    private boolean slowedDown(Ledger ledger) throws InterruptedException {
        if (ledger.faults()
                .refused("more than " + most + " divisions of one batch; does the destination refuse everything?")) {
            LOG.error(
                    "{}: a batch was divided {} times and there is more in it that the destination refuses; it goes on"
                            + " slowly, in case the destination is wrong and not the records",
                    ledger.pipeline(),
                    most);
        }
        return ledger.pause(pause);
    }
}
