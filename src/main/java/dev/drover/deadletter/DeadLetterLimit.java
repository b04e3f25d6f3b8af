package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.batch.PartSender;
import dev.drover.ledger.Backoff;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the share of dead letters among the last records of each pipeline in this process. A record beyond the limit is
 * kept here and retried until a delivery settles it. The check runs only when a record is refused, so it adds no cost to
 * deliveries. Thread-safe once it is set up.
 */
final class DeadLetterLimit {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLimit.class);

    /** The number of last records whose share counts. */
    private static final int WINDOW = 1000;

    /** The limit does not apply to the first dead letters, because a few records prove little. */
    private static final int FEW = 100;

    private static final int LONGEST_PAUSES = 12; // times the first pause
    private static final Duration STEP = Duration.ofMillis(500);
    private static final String SECOND_TRY = "droverSecondTry";

    private final Map<Ledger, Deque<Long>> setAsideAfter = new WeakHashMap<>();
    private final PartSender sender = new PartSender();
    private int percent = 50;
    private Duration pause = Duration.ofSeconds(5);

    void percent(int most) {
        percent = most;
    }

    void pause(Duration first) {
        pause = first;
    }

    /** Counts one more dead letter unless that exceeds the limit. Returns whether the record may be set aside. */
    synchronized boolean admits(Ledger ledger) {
        long settled = ledger.tally().settled();
        Deque<Long> recent = setAsideAfter.computeIfAbsent(ledger, any -> new ArrayDeque<>());
        while (!recent.isEmpty() && recent.getFirst() <= settled - WINDOW) {
            recent.removeFirst();
        }
        long deadLetters = recent.size() + 1L;
        long records = Math.min(settled + 1, WINDOW);
        if (deadLetters > FEW && deadLetters * 100 > percent * records) {
            return false;
        }
        recent.addLast(settled);
        return true;
    }

    /**
     * Keeps a record that exceeds the limit. Without a batch, it waits until there is room. With a batch, it is retried after
     * each pause, to notice when the destination accepts it.
     *
     * @param routeId the delivery route that refused it; null if it failed before delivery
     * @return whether to set the record aside; false if a retry settled it or the pipeline is stopping
     */
    boolean waitsForRoom(Exchange exchange, Ledger ledger, @Nullable Batch batch, @Nullable String routeId)
            throws InterruptedException {
        if (exchange.getProperty(SECOND_TRY) != null) {
            return false; // the original exchange keeps the record
        }
        Backoff backoff = new Backoff(pause, pause.multipliedBy(LONGEST_PAUSES));
        alarm(ledger);
        while (pauses(exchange, ledger, batch, backoff.next()) && !isAbandoned(exchange, batch)) {
            if (batch == null && admits(ledger)) {
                return true;
            }
            if (batch != null && isSettledBySecondTry(exchange, batch, routeId)) {
                return false;
            }
            alarm(ledger);
        }
        return false;
    }

    /** Sends the record through the whole delivery route once more, in a separate exchange. */
    private boolean isSettledBySecondTry(Exchange exchange, Batch batch, @Nullable String routeId) {
        Route route = routeId == null ? null : exchange.getContext().getRoute(routeId);
        if (route != null) {
            int attempt = PartSender.attempt(exchange) + 1;
            Map<String, Object> properties = Map.of(SECOND_TRY, true, PartSender.ATTEMPT, attempt);
            Exchange unused = sender.send(batch, exchange, route, properties);
        }
        return batch.unsettled() == 0;
    }

    /**
     * Waits. Returns whether the pipeline is still running. A record without a batch blocks the reading thread. So this method
     * also writes checkpoints and notices the shutdown of the process.
     */
    private static boolean pauses(Exchange exchange, Ledger ledger, @Nullable Batch batch, Duration length)
            throws InterruptedException {
        if (batch != null) {
            return ledger.pause(length);
        }
        for (Duration left = length; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
            if (exchange.getContext().isStopping()) {
                ledger.ending().stopping(true);
            }
            ledger.writing().write();
            if (!ledger.pause(left.compareTo(STEP) < 0 ? left : STEP)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAbandoned(Exchange exchange, @Nullable Batch batch) {
        return batch == null
                ? exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class)
                        .page()
                        .isAbandoned()
                : batch.isAbandoned();
    }

    private void alarm(Ledger ledger) {
        String reason = "more than " + percent + " % of the last records became dead letters";
        if (ledger.faults().refused(reason)) {
            LOG.error(
                    "{}: {} (drover.deadletters.limit): no more are set aside. Nothing is lost: refused records are"
                            + " kept and retried until they are accepted. To set them aside, raise the limit and restart",
                    ledger.pipeline(),
                    reason);
        }
    }
}
