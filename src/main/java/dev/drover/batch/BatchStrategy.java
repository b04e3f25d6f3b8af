package dev.drover.batch;

import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.processor.aggregate.AggregateProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Collects records into batches inside the stock {@code aggregate}: to be named there both as its
 * {@code aggregationStrategy} and as its {@code aggregateController}.
 *
 * <p>The limit by records is the aggregate's own {@code completionSize}; the limit by age its
 * {@code completionInterval}; the limit by bytes is {@link #setMaxBytes}. Every record collected holds its page; when
 * the batch's exchange ends with records that nobody settled, the pipeline halts rather than lose them.
 *
 * <p>One instance serves any number of routes. Thread-safe; the aggregate calls it under its own lock.
 */
public final class BatchStrategy extends AggregateProcessors implements AggregationStrategy {

    private static final String BYTES = "bytes";

    private long maxBytes;

    /** The largest batch, in bytes of JSON as serialised (brackets and commas not counted); 0, the default, is no limit. */
    public void setMaxBytes(long maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes must be 0 (no limit) or more, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    public long getMaxBytes() {
        return maxBytes;
    }

    /** Bytes must be looked at before a record is added; Camel then looks at no other limit, so we look at all. */
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
        return batch.getSize() + record(added).rows().size() > limit(added)
                || batch.bytes() + bytesOf(added) > maxBytes;
    }

    @Override
    public Exchange aggregate(@Nullable Exchange collecting, Exchange added) {
        Exchange collected = collecting == null ? begin(added) : collecting;
        Batch batch = batch(collected);
        collect(batch, added);
        if (collecting == null) {
            Bodies.carry(batch, collected);
        }
        // an exchange may be a slice of many records, so the stock size limit, which counts exchanges, is not enough
        if (!canPreComplete() && batch.getSize() >= limit(added)) {
            collected.setProperty(Exchange.AGGREGATION_COMPLETE_CURRENT_GROUP, true);
        }
        return collected;
    }

    /** Called outside the aggregator's lock, once, when the batch is closed. */
    @Override
    public void onCompletion(@Nullable Exchange exchange) {
        if (exchange != null) {
            Batch batch = batch(exchange);
            batch.ledger().tally().batchClosed(batch.getSize());
            exchange.getExchangeExtension().addOnCompletion(new BatchEnd(batch));
        }
    }

    private Exchange begin(Exchange first) {
        Ledger ledger = record(first).page().ledger();
        AggregateProcessor aggregate = processorOf(first);
        ledger.flushWith(flusherOf(aggregate));
        String lane = aggregate.getCorrelationExpression().evaluate(first, String.class);
        first.setProperty(Batch.PROPERTY, lanes(aggregate).follow(lane, turn -> new Batch(ledger, turn)));
        return first;
    }

    private void collect(Batch batch, Exchange added) {
        RecordOnPage record = record(added);
        List<?> bodies = Bodies.of(record, added);
        if (maxBytes > 0) {
            batch.addBytes(bytesOf(added));
        }
        for (int i = 0; i < bodies.size(); i++) {
            batch.add(new BatchItem(bodies.get(i), record, i));
        }
        record.collected(bodies.size());
    }

    private int limit(Exchange added) {
        int completionSize = processorOf(added).getCompletionSize();
        return completionSize > 0 ? completionSize : Integer.MAX_VALUE;
    }

    /** Measured once for each exchange, though asked before and while it is collected. */
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
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (record == null) {
            throw new IllegalStateException(
                    "#batch collects the records of a page: put the aggregate inside a split with onPrepare: \"#page\"");
        }
        return record;
    }

    private static Batch batch(Exchange exchange) {
        return exchange.getProperty(Batch.PROPERTY, Batch.class);
    }
}
