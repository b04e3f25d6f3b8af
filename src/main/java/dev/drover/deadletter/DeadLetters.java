package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.ledger.Age;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.NoSuchColumnException;
import dev.drover.ledger.RecordOnPage;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the dead-letter route around its INSERT. {@link #describe} makes the body the columns of the dead letter;
 * {@link #settle} settles the record after the INSERT. Works for a record that failed inside the split and for the lone
 * record of a refused batch. Thread-safe once it is set up.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final long LOGGED = 10;

    private final DeadLetterLimit limit = new DeadLetterLimit();
    private final Map<Ledger, Long> setAside = new WeakHashMap<>();
    private boolean keepsPayload = true;
    private Duration kept = Duration.ZERO;

    /**
     * Whether a dead letter includes the payload, which may be personal data; true by default. Without the payload it has
     * the key and the reason, and can be replayed only with {@code --reread}.
     */
    public void setPayload(boolean payload) {
        keepsPayload = payload;
    }

    /** How long dead letters are kept; zero means for ever. */
    Duration kept() {
        return kept;
    }

    /**
     * How long dead letters are kept: {@code 90d}, {@code 12h}, {@code 30m}, {@code 5s} or ISO 8601 such as {@code P90D};
     * {@code 0}, the default, means for ever.
     *
     * @throws IllegalArgumentException if the value has another form
     */
    public void setRetention(String retention) {
        kept = Age.of("drover.deadletters.retention", retention, "for ever");
    }

    /**
     * The largest percentage of dead letters among the last 1,000 records of a pipeline, 0 to 100; 50 by default, 100 means
     * no limit. The first 100 dead letters are always allowed.
     *
     * @throws IllegalArgumentException if the value is not such a number
     */
    public void setLimit(String percent) {
        if (!percent.trim().matches("\\d{1,2}|100")) {
            throw new IllegalArgumentException("drover.deadletters.limit: '" + percent
                    + "' is not allowed; set a percentage from 0 to 100; 100 means no limit");
        }
        limit.percent(Integer.parseInt(percent.trim()));
    }

    /**
     * The pause in milliseconds before a record beyond the limit is retried; 5000 by default. The pause doubles up to twelve
     * times this value.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public void setPause(long millis) {
        if (millis < 1) {
            throw new IllegalArgumentException("pause: " + millis + " is not allowed, it must be at least 1");
        }
        limit.pause(Duration.ofMillis(millis));
    }

    /**
     * Makes the body a map with the columns of {@code drover_dead_letter}. The id is a hash of the pipeline, its run, the
     * delivery route, the key and, for a claimed row, the number of its claim. So a dead letter that is written again after a
     * crash has the same id; a refusal by another destination or in a later run has another id.
     *
     * <p>If the limit is exceeded, this method keeps the record and retries it until a delivery settles it. Then the route
     * ends here; it also ends when the pipeline stops. A record that a replay sent keeps its dead letter.
     */
    public void describe(Exchange exchange) throws InterruptedException {
        Ledger ledger = ledger(exchange);
        if (NoSuchColumnException.halts(
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class),
                exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class),
                ledger)) {
            exchange.setRouteStop(true);
            return;
        }
        RefusedRecord refused = RefusedRecord.of(exchange, keepsPayload);
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (ReplayChunk.of(ledger).isPresent()
                || limit.admits(ledger.main())
                || ((batch == null || !batch.isParked()) // that comes again by itself
                        && limit.waitsForRoom(exchange, ledger, batch, refused.routeId()))) {
            exchange.getMessage().setBody(refused.columns());
        } else {
            exchange.setRouteStop(true);
        }
    }

    /** The ledger of the record or batch. */
    static Ledger ledger(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        return batch == null
                ? exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class)
                        .page()
                        .ledger()
                : batch.ledger();
    }

    /** Settles the record. Call it after the dead letter is durable. */
    public void settle(Exchange exchange) {
        Ledger ledger = ledger(exchange);
        ledger.faults().storeWorks();
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            batch.deadLettered();
        } else {
            exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class).deadLettered();
        }
        log(ledger, exchange);
    }

    /** Logs each of the first dead letters, then only their number. Omits the reason, which may contain values of the row. */
    private void log(Ledger ledger, Exchange exchange) {
        long count;
        synchronized (setAside) {
            count = setAside.merge(ledger.main(), 1L, Long::sum);
        }
        if (count <= LOGGED && exchange.getMessage().getBody() instanceof Map<?, ?> columns) {
            Object status = columns.get("status");
            Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            LOG.warn(
                    "{}: {} was set aside as a dead letter ({}), drover dead-letters list has the reason{}",
                    ledger.pipeline(),
                    columns.get("key"),
                    status != null || failure == null
                            ? "status " + status
                            : failure.getClass().getSimpleName(),
                    count == LOGGED ? "; further ones are only counted" : "");
        } else if (count % 1000 == 0) {
            LOG.warn("{}: {} records were set aside as dead letters so far", ledger.pipeline(), count);
        }
    }
}
