package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the dead-letter route needs around its INSERT: before it, the columns of the dead letter as the body; after it,
 * the record is settled. Works for a record that failed inside the split and for the lone record of a refused batch.
 * Thread-safe once its settings are set.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final String REFUSAL = "droverRefusal";

    private final RecentDeadLetters recent = new RecentDeadLetters();
    private final SecondTry secondTry = new SecondTry();
    private boolean keepsPayload = true;
    private Duration kept = Duration.ZERO;
    private int limit = 50;

    public boolean isPayload() {
        return keepsPayload;
    }

    /**
     * Whether a dead letter has what was to be sent, which may be personal data; true by default. Without it, it has
     * the key and the reason, and can not be sent again.
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
     * no limit. The first 100 of them are set aside whatever their share is.
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
     * Makes the body a map with the columns of {@code drover_dead_letter}. The id is a hash of the pipeline, its run,
     * the route that delivers to the destination and the key: writing the same dead letter again after a crash is seen
     * as such, while another destination's refusal, and one of a later run, are dead letters of their own.
     *
     * <p>To be called again, after a delay, when it throws: the record is then delivered once more, and this route
     * ends here when that settles it.
     *
     * @throws TooManyDeadLettersException if more of the last records than the limit allows became dead letters
     */
    public void describe(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        Refusal refusal = exchange.getProperty(REFUSAL, Refusal.class);
        if (refusal == null) {
            refusal = Refusal.of(exchange, keepsPayload);
            exchange.setProperty(REFUSAL, refusal);
        } else if (batch != null) {
            if (!secondTry.settles(exchange, batch, refusal.routeId())) {
                throw tooMany(exchange, batch.ledger());
            }
            exchange.setRouteStop(true);
            return;
        }
        Ledger ledger = batch == null
                ? exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class)
                        .page()
                        .ledger()
                : batch.ledger();
        if (isReplayed(batch) || recent.admits(ledger, limit)) {
            exchange.getMessage().setBody(refusal.columns());
        } else if (SecondTry.isOne(exchange)) {
            exchange.setRouteStop(true);
        } else {
            throw tooMany(exchange, ledger);
        }
    }

    private TooManyDeadLettersException tooMany(Exchange exchange, Ledger ledger) {
        // a delay that an answer asked for does not hold for this
        exchange.getMessage().removeHeader(Exchange.REDELIVERY_DELAY);
        String reason = "more than " + limit + " % of the last records became dead letters";
        if (ledger.alarm(reason)) {
            LOG.error(
                    "{}: {} (drover.deadletters.limit): no more are set aside. Nothing is lost: what is refused is kept"
                            + " and tried again until it is accepted. If it is to be set aside, raise the limit and start"
                            + " again",
                    ledger.pipeline(),
                    reason);
        }
        return new TooManyDeadLettersException(reason);
    }

    /** The dead letter is durable: the record is settled. */
    public void settle(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            batch.items().forEach(DeadLetters::noteReplayed);
            batch.deadLettered();
            LOG.warn("{}: a record was refused and set aside as a dead letter", batch.getPipeline());
            return;
        }
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        record.deadLettered();
        LOG.warn(
                "{}: a record failed in a step and was set aside as a dead letter",
                record.page().ledger().pipeline());
    }

    /** It is a dead letter already. */
    private static boolean isReplayed(@Nullable Batch batch) {
        return batch != null && batch.items().get(0).row() instanceof ReplayedRecord;
    }

    private static void noteReplayed(BatchItem item) {
        if (item.row() instanceof ReplayedRecord replayed) {
            replayed.refuseAgain();
        }
    }
}
