package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.ledger.Backoff;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.NoSuchColumnException;
import dev.drover.ledger.RecordOnPage;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the dead-letter route around its INSERT: before it, makes the body the columns of the dead letter; after it,
 * settles the record. Works for a record that failed inside the split and for the lone record of a refused batch.
 * Thread-safe once its settings are set.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int LONGEST_PAUSES = 12;
    private static final long TOLD = 10;
    private static final Duration STEP = Duration.ofMillis(500);

    private final RecentDeadLetters recent = new RecentDeadLetters();
    private final SecondTry secondTry = new SecondTry();
    private boolean keepsPayload = true;
    private Duration kept = Duration.ZERO;
    private int limit = 50;
    private Duration pause = Duration.ofSeconds(5);

    public boolean isPayload() {
        return keepsPayload;
    }

    /**
     * Whether a dead letter has what was to be sent, which may be personal data; true by default. Without it, it has
     * the key and the reason, and cannot be sent again.
     */
    public void setPayload(boolean payload) {
        keepsPayload = payload;
    }

    /** For how long dead letters are kept; zero is for ever. */
    Duration kept() {
        return kept;
    }

    /**
     * For how long dead letters are kept: {@code 90d}, {@code 12h}, {@code 30m}, {@code 5s} or {@code P90D}; for ever by
     * default, which is {@code 0}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public void setRetention(String retention) {
        kept = Age.parse("drover.deadletters.retention", retention);
    }

    /**
     * How many percent of the last 1,000 records of a pipeline may become dead letters, 0 to 100; 50 by default, 100 is
     * no limit. Up to 100 of them may become dead letters in any case.
     *
     * @throws IllegalArgumentException if it is no such number
     */
    public void setLimit(String percent) {
        if (!percent.trim().matches("\\d{1,2}|100")) {
            throw new IllegalArgumentException("drover.deadletters.limit: '" + percent
                    + "' is not allowed; set a number of percent from 0 to 100, which is no limit");
        }
        limit = Integer.parseInt(percent.trim());
    }

    /**
     * After how many milliseconds a record that is kept for the limit is tried again; 5000 by default. The pauses
     * double up to twelve times that.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public void setPause(long millis) {
        if (millis < 1) {
            throw new IllegalArgumentException("pause: " + millis + " is not allowed, it must be at least 1");
        }
        pause = Duration.ofMillis(millis);
    }

    /**
     * Makes the body a map with the columns of {@code drover_dead_letter}. The id is a hash of the pipeline, its run,
     * the route that delivers to the destination, the key and, for a claimed row, the number of its claim. So the same
     * dead letter has the same id when it is written again after a crash; a refusal by another destination or in a
     * later run has another id.
     *
     * <p>When more of the last records became dead letters than the limit allows, the record is kept here and delivered
     * again and again until a delivery settles it. The route then ends here; it also ends when the pipeline stops. A
     * record that was sent again from a dead letter keeps that dead letter.
     */
    public void describe(Exchange exchange) throws InterruptedException {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (NoSuchColumnException.halts(
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class),
                exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class),
                ledger(exchange, batch))) {
            exchange.setRouteStop(true);
            return;
        }
        RefusedRecord refused = RefusedRecord.of(exchange, keepsPayload);
        Ledger ledger = ledger(exchange, batch);
        boolean admitted = Replayed.of(ledger).isPresent() || recent.admits(ledger, limit);
        if (admitted || (!SecondTry.isOne(exchange) && waitsForRoom(exchange, batch, refused))) {
            exchange.getMessage().setBody(refused.columns());
        } else {
            exchange.setRouteStop(true);
        }
    }

    /** The ledger of the record, or of the batch, that is set aside. */
    static Ledger ledger(Exchange exchange) {
        return ledger(exchange, exchange.getProperty(Batch.PROPERTY, Batch.class));
    }

    private static Ledger ledger(Exchange exchange, @Nullable Batch batch) {
        return batch == null
                ? exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class)
                        .page()
                        .ledger()
                : batch.ledger();
    }

    /** Returns whether it is to be set aside; if not, it was settled otherwise, or the pipeline stops. */
    private boolean waitsForRoom(Exchange exchange, @Nullable Batch batch, RefusedRecord refused)
            throws InterruptedException {
        Ledger ledger = ledger(exchange, batch);
        alarm(ledger);
        Backoff backoff = new Backoff(pause, pause.multipliedBy(LONGEST_PAUSES));
        while (rests(exchange, batch, ledger, backoff.next()) && !isAbandoned(exchange, batch)) {
            if (batch == null && recent.admits(ledger, limit)) {
                return true;
            }
            if (batch != null && secondTry.settles(exchange, batch, refused.routeId())) {
                return false;
            }
            alarm(ledger);
        }
        return false;
    }

    /**
     * Waits for this time; returns whether the pipeline still runs. A record without a batch keeps the thread that
     * reads. So this method writes what is settled meanwhile, and sees the end of the program.
     */
    private static boolean rests(Exchange exchange, @Nullable Batch batch, Ledger ledger, Duration length)
            throws InterruptedException {
        if (batch != null) {
            return ledger.pause(length);
        }
        for (Duration left = length; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
            if (exchange.getContext().isStopping()) {
                ledger.stopping(true);
            }
            ledger.retryWrites();
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
        String reason = "more than " + limit + " % of the last records became dead letters";
        if (ledger.alarm(reason)) {
            LOG.error(
                    "{}: {} (drover.deadletters.limit): no more are set aside. Nothing is lost: what is refused is"
                            + " kept and tried again until it is accepted. If it is to be set aside, raise the limit and"
                            + " start again",
                    ledger.pipeline(),
                    reason);
        }
    }

    /** The dead letter is durable: the record is settled. */
    public void settle(Exchange exchange) {
        Ledger ledger = ledger(exchange);
        ledger.stored();
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            batch.deadLettered();
        } else {
            exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class).deadLettered();
        }
        tell(ledger, exchange);
    }

    /** Logs each of the first ones, then their number. It leaves out the reason, which may have values of the row. */
    private void tell(Ledger ledger, Exchange exchange) {
        long count = recent.count(ledger);
        if (count <= TOLD && exchange.getMessage().getBody() instanceof Map<?, ?> columns) {
            Object status = columns.get("status");
            Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            LOG.warn(
                    "{}: {} was set aside as a dead letter ({}), drover dead-letters list has the reason{}",
                    ledger.pipeline(),
                    columns.get("key"),
                    status != null || failure == null
                            ? "status " + status
                            : failure.getClass().getSimpleName(),
                    count == TOLD ? "; the next ones are counted only" : "");
        } else if (count % 1000 == 0) {
            LOG.warn("{}: {} records were set aside as dead letters so far", ledger.pipeline(), count);
        }
    }
}
