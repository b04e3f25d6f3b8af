package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.batch.PartSender;
import dev.drover.ledger.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.Route;

/**
 * Sends the unsettled remainder of a batch again after a growing delay, until nothing is left. The remainder is a batch with
 * its own key, and goes through the whole delivery route as its own exchange. If nothing was accepted, it is the same batch
 * with the same key. Thread-safe.
 */
public final class Redelivery {

    private static final String AGAIN = "droverAgain";
    private static final Duration FIRST = Duration.ofMillis(500);

    private final PartSender sender = new PartSender();
    private Duration longest = Duration.ofSeconds(30);

    /**
     * The longest delay between two attempts. Delays begin with half a second and double.
     *
     * @param millis milliseconds, at least 500; 30000 by default
     */
    public void setLongest(long millis) {
        longest = Duration.ofMillis(Options.atLeast("longest", millis, FIRST.toMillis()));
    }

    /** Turns an exchange with a {@link Refusal} into one with the single record, for the dead-letter route. */
    public void refused(Exchange exchange) {
        Refusal refusal = exchange.getMessage().getBody(Refusal.class);
        exchange.setProperty(Batch.PROPERTY, refusal.record());
        exchange.setProperty("status", refusal.status() == 0 ? null : refusal.status());
        exchange.setProperty("reason", reason(refusal));
    }

    private static String reason(Refusal refusal) {
        String status = refusal.status() == 0 ? "refused" : "status " + refusal.status();
        return refusal.reason().isEmpty() ? status : status + ": " + refusal.reason();
    }

    /** Delivers the remainder of the batch. Records that are unsettled when it returns were given up. */
    public void deliver(Exchange exchange) throws InterruptedException {
        if (PartSender.attempt(exchange) > 1) {
            exchange.setProperty(AGAIN, true); // the sender of this remainder continues with what is left of it
            return;
        }
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch.isParked()) {
            return; // it comes again by itself
        }
        Route route = Underway.route(exchange);
        Backoff backoff = new Backoff(FIRST, longest);
        Optional<Batch> rest = batch.unsettledPart();
        boolean sentBefore = !(exchange.getProperty(Exchange.EXCEPTION_CAUGHT) instanceof UnsettledException failure)
                || failure.isSent();
        for (int attempt = sentBefore ? 2 : 1; rest.isPresent(); attempt++) {
            boolean goesOn = batch.ledger().pause(attempt > 1 ? jittered(backoff.next()) : Duration.ZERO);
            if (!goesOn || batch.isAbandoned()) {
                return;
            }
            Exchange sent = sender.send(rest.get(), exchange, route, Map.of(PartSender.ATTEMPT, attempt));
            Optional<Batch> left = rest.get().unsettledPart();
            if (left.isPresent() && sent.getProperty(AGAIN) == null) {
                return;
            }
            rest = left;
        }
    }

    /** A random delay of at least half, so that batches that failed together are not sent again together. */
    private static Duration jittered(Duration delay) {
        long half = delay.toMillis() / 2;
        return Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(half + 1));
    }
}
