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
 * Replaces a refused batch by its parts, until the bad record stands alone. Each part goes through the whole delivery
 * route in turn, as an exchange with its own key. The parts are halves, or have the size that the destination accepts if
 * the batch was too large. The batch must have been refused definitely; a batch with an unknown outcome is never divided.
 */
public final class Parts {

    /** The exchange property with the share of the batch that the destination accepts, if the batch was too large. */
    static final String SHARE = "droverPartShare";

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final PartSender sender = new PartSender();
    private int most = 200;
    private Duration pause = Duration.ofSeconds(30);

    /**
     * The number of divisions of a batch and its parts without a pause. If a service refuses even more, the fault may be its
     * own: each further division waits for {@link #setPause} and raises the alarm.
     *
     * @param divisions at least 1; 200 by default
     */
    public void setMost(int divisions) {
        most = Math.toIntExact(Options.atLeast("most", divisions, 1));
    }

    /**
     * The pause before a division after too many divisions.
     *
     * @param millis milliseconds, at least 0; 30000 by default
     */
    public void setPause(long millis) {
        pause = Duration.ofMillis(Options.atLeast("pause", millis, 0));
    }

    /** Delivers the parts of the batch. If a part is given up, the parts after it are not tried. */
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

    /** Sets the reason of a single refused record, for the dead-letter route. */
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
