package dev.drover.batch;

import dev.drover.ledger.Close;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.Periodic;
import dev.drover.ledger.RecordOnPage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/**
 * Collects records into batches inside the stock {@code aggregate}, which names it both as {@code aggregationStrategy} and
 * as {@code aggregateController}.
 *
 * <p>The limit by records is the {@code completionSize} of the aggregate. The limits by age and by bytes are
 * {@link #setMaxAge} and {@link #setMaxBytes}. Every collected record holds its page. If the exchange of the batch ends
 * with unsettled records, the pipeline halts rather than lose them.
 *
 * <p>One instance serves any number of routes. Thread-safe; the aggregate calls it under its own lock.
 */
public final class BatchStrategy extends AggregateProcessors implements AggregationStrategy {

    private static final String BYTES = "droverBytes";

    private long maxBytes;
    private Duration maxAge = Duration.ofSeconds(1);
    private @Nullable Periodic ageWatch;

    /**
     * The largest batch, in bytes of its records as Camel's JSON format writes them; 0, the default, is no limit. The data
     * format of the route does not matter: brackets, commas, line ends, envelopes and compression do not count.
     */
    public void setMaxBytes(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes: must be 0 (no limit) or more, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /** The longest time that a batch is collected, 1 second by default. It may last a quarter longer. */
    public void setMaxAge(Duration maxAge) {
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("maxAge: must be longer than nothing, not " + maxAge);
        }
        this.maxAge = maxAge;
    }

    /** Checks bytes before a record is added. Camel then checks no other limit, so all limits are checked here. */
    @Override
    public boolean canPreComplete() {
        return maxBytes > 0;
    }

    @Override
    public boolean preComplete(@Nullable Exchange collecting, Exchange added) {
        if (collecting == null) {
            return false;
        }
        Batch batch = batch(collecting);
        if (batch.getSize() + record(added).rows().size() > limit(added)) {
            batch.closing(Close.RECORDS);
            return true;
        }
        if (batch.bytes() + bytesOf(added) > maxBytes) {
            batch.closing(Close.BYTES);
            return true;
        }
        return false;
    }

    @Override
    public Exchange aggregate(@Nullable Exchange collecting, Exchange added) {
        // before a batch begins in its lane: a record that fails here must not leave a batch that never ends
        refuseDeadLetter(record(added));
        List<?> bodies = Bodies.of(record(added), added);
        long bytes = maxBytes > 0 ? bytesOf(added) : 0;
        Exchange collected = collecting == null ? begin(added) : collecting;
        Batch batch = batch(collected);
        collect(batch, record(added), bodies);
        batch.addBytes(bytes);
        if (collecting == null) {
            Bodies.carry(batch, collected);
        }
        // an exchange may be a slice of many records, so the stock size limit, which counts exchanges, is not enough
        if (!canPreComplete() && batch.getSize() >= limit(added)) {
            batch.closing(Close.RECORDS);
            collected.setProperty(Exchange.AGGREGATION_COMPLETE_CURRENT_GROUP, true);
        }
        return collected;
    }

    /** Called once, outside the lock of the aggregate, when the batch is closed. */
    @Override
    public void onCompletion(@Nullable Exchange exchange) {
        if (exchange != null) {
            Batch batch = batch(exchange);
            String key = exchange.getProperty(ExchangePropertyKey.AGGREGATED_CORRELATION_KEY, String.class);
            running(exchange).open().closed(key, batch);
            if (batch.getSize() > 0) {
                batch.ledger().tally().batchClosed(batch.getSize(), batch.closing());
            }
            batch.ledger().deliveries().begin(batch);
            exchange.getExchangeExtension().addOnCompletion(new BatchEnd(batch));
        }
    }

    private Exchange begin(Exchange first) {
        Running running = running(first);
        Ledger ledger = record(first).page().ledger();
        ledger.collecting().flushWith(running.flusher());
        ledger.collecting().collectWith(() -> room(running));
        String key = running.processor().getCorrelationExpression().evaluate(first, String.class);
        Batch batch = running.lanes().follow(key, ledger);
        running.open().begun(key, batch);
        watchAge(first.getContext());
        first.setProperty(Batch.PROPERTY, batch);
        return first;
    }

    private synchronized void watchAge(CamelContext context) {
        if (ageWatch == null) {
            ageWatch = new Periodic(context, "batch-age", maxAge.dividedBy(4), () -> closeOlderThan(maxAge));
            ageWatch.start();
        }
    }

    private static void collect(Batch batch, RecordOnPage record, List<?> bodies) {
        refuseOtherPipeline(batch, record.page().ledger());
        refuseOtherSequence(batch, record.page());
        int before = batch.getSize();
        for (int i = 0; i < bodies.size(); i++) {
            BatchItem item = new BatchItem(bodies.get(i), record, i);
            if (!isDelivered(item)) {
                batch.add(item);
            }
        }
        if (batch.getSize() > before) {
            record.collected(batch.getSize() - before);
        } else {
            record.delivered();
        }
    }

    /** A record that was set aside would be delivered too, with the columns of its dead letter as its body. */
    private static void refuseDeadLetter(RecordOnPage record) {
        if (record.isDeadLettered()) {
            String why =
                    "a record was set aside as a dead letter, and then it came to a batch; put a stop after the step"
                            + " that sets it aside";
            record.page().ledger().halt(why);
            throw new IllegalStateException(why);
        }
    }

    /** Two pipelines cannot share a batch, because a batch settles records of one pipeline only. */
    private static void refuseOtherPipeline(Batch batch, Ledger ledger) {
        if (!batch.getPipeline().equals(ledger.pipeline())) {
            String why = "its records came to the batches of " + batch.getPipeline()
                    + "; each pipeline needs an aggregate of its own, in the short form by an id of its route";
            ledger.halt(why);
            throw new IllegalStateException(why);
        }
    }

    /** A batch must have records of one partition only, because other processes take over single partitions. */
    private static void refuseOtherSequence(Batch batch, OpenPage page) {
        if (batch.getSize() > 0
                && !batch.items().get(0).record().page().sequence().equals(page.sequence())) {
            String why = "records of several partitions came to one batch; its correlation expression needs the"
                    + " partition, as method: {ref: partitions, method: lane} gives it";
            page.ledger().halt(why);
            throw new IllegalStateException(why);
        }
    }

    /** Whether the record was in a batch of an earlier owner, which was sent again unchanged. */
    private static boolean isDelivered(BatchItem item) {
        Set<String> remembered = item.record().page().ledger().remembered();
        return !remembered.isEmpty() && remembered.remove(CursorJson.write(item.key()));
    }

    private int limit(Exchange added) {
        return limit(running(added));
    }

    private static int limit(Running running) {
        int completionSize = running.processor().getCompletionSize();
        return completionSize > 0 ? completionSize : Integer.MAX_VALUE;
    }

    /**
     * The number of records that the open batch still takes as one slice. If the batch is closed for its age before the
     * slice arrives, the slice begins the next batch.
     */
    private int room(Running running) {
        return canPreComplete()
                ? 1
                : Math.max(1, limit(running) - running.open().records());
    }

    /** The bytes of the records of an exchange. They are needed twice, and measured once. */
    private static long bytesOf(Exchange added) {
        Long measured = added.getProperty(BYTES, Long.class);
        if (measured == null) {
            measured = 0L;
            for (Object body : Bodies.of(record(added), added)) {
                measured += JsonSize.of(body);
            }
            added.setProperty(BYTES, measured);
        }
        return measured;
    }

    private static RecordOnPage record(Exchange exchange) {
        if (!(exchange.getProperty(RecordOnPage.PROPERTY) instanceof RecordOnPage record)) {
            throw new IllegalStateException(
                    "#batch collects the records of a page: put the aggregate inside a split with onPrepare:"
                            + " \"#page\"");
        }
        return record;
    }

    private static Batch batch(Exchange exchange) {
        return (Batch) exchange.getProperty(Batch.PROPERTY);
    }
}
