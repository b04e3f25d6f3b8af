package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.batch.Parking;
import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.ExchangeHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a batch is tried before it is parked. While records of its address are parked, a batch is parked at once. The
 * batches of one address are tried one after the other, and none of them holds a thread before its turn. A batch of parked
 * records does not wait for its address.
 *
 * @param parking null if the batch is not parked, or is parked already
 */
record Patience(Batch batch, Parking.Place to, Destination destination, @Nullable Parking parking) {

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration GATE = Duration.ofSeconds(1);

    /** The patience with the batch of an exchange; empty if it is tried for as long as it takes. */
    static Optional<Patience> of(Exchange exchange, Batch batch, HttpEndpoint http, Destination destination) {
        boolean mayPark = batch.attempts().lane().isPresent()
                && (!destination.getParkAfter().isZero()
                        || batch.ledger().tally().parked() > 0);
        Parking found = mayPark ? exchange.getContext().getRegistry().findSingleByType(Parking.class) : null;
        Parking parking = found != null && found.knows(batch.ledger()) ? found : null;
        if (parking == null && !batch.isParked()) {
            return Optional.empty();
        }
        Parking.Place to =
                new Parking.Place(ExchangeHelper.getRouteId(exchange), DestinationProbe.origin(http.getHttpUri()));
        return Optional.of(new Patience(batch, to, destination, parking));
    }

    /**
     * Lets the batch wait for the end of the batches before it.
     *
     * @param goOn is called at its turn; the exchange has an exception if an earlier batch was given up
     * @return false if it need not wait
     */
    boolean waitsForTurn(Exchange exchange, AsyncCallback goOn) {
        if (parking == null || !batch.attempts().enter()) {
            return false;
        }
        Turn turns = exchange.getContext().getRegistry().findSingleByType(Turn.class);
        if (turns == null) {
            throw new IllegalStateException("parkAfter needs a bean of dev.drover.delivery.Turn");
        }
        return !turns.process(exchange, done -> {
            batch.attempts().start();
            goOn.done(done);
        });
    }

    /** Whether the batch is parked when its address does not accept for long. */
    boolean parks() {
        return parking != null && !destination.getParkAfter().isZero();
    }

    private boolean isLate() {
        return parks() && batch.attempts().lasted().compareTo(destination.getParkAfter()) >= 0;
    }

    /** Whether a wait at this gate ends the exchange: the batch is parked then, or was parked before. */
    boolean ends(Gate gate, long waitedNanos) throws InterruptedException {
        return batch.isParked() ? gate.closed().isPresent() || waitedNanos > GATE.toNanos() : isLate() && parked();
    }

    /** Parks the batch if that is due. Waits for room if the batch must not be tried. Returns whether the exchange ends. */
    boolean parked() throws InterruptedException {
        while (parking != null) {
            boolean behind = parking.isBehind(batch, to.route());
            if (!behind && !isLate()) {
                return false;
            }
            if (parking.park(batch, to, destination.getParkLimit())) {
                crowded(null);
                return true;
            }
            crowded("no more records are parked, because " + destination.getParkLimit() + " are");
            if (!behind) {
                return false;
            }
            batch.waitsFor("room for parked records");
            if (!batch.ledger().pause(TICK)) {
                return true;
            }
        }
        return false;
    }

    private void crowded(@Nullable String reason) {
        Ledger ledger = batch.ledger();
        if (ledger.faults().crowded(reason) && reason != null) {
            LOG.error(
                    "{}: {} (parkLimit); their addresses hold up the pipeline now, and nothing is lost. drover dead-letters"
                            + " list --parked names them",
                    ledger.pipeline(),
                    reason);
        }
    }

    /** An attempt has failed, and would be made again. Returns whether that is left to the parked records. */
    boolean endsAfterFailure() {
        return batch.isParked() || (parking != null && isLate() && parking.park(batch, to, destination.getParkLimit()));
    }
}
