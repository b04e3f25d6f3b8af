package dev.drover.ledger;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a record, or of a slice of records, on its page. It is fixed before any step of the user sees the
 * record. Copies of the exchange share it, so the batch can mark the record although it works on a copy.
 *
 * <p>Thread-safe: one thread routes and marks the record, another may end it.
 */
public final class RecordOnPage {

    /** The exchange property with the record. */
    public static final String PROPERTY = "record";

    private final OpenPage page;
    private final List<?> rows;
    private final long place;
    private final @Nullable SplitRows split;
    private final int number;
    private volatile boolean collected;
    private volatile boolean delivered;
    private volatile boolean sent;
    private volatile boolean deadLettered;
    private volatile boolean itemDeadLettered;
    private volatile boolean itemLeft;
    private volatile Traced.@Nullable Sent answer;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** The exchange of the record and the items collected from it. The record is settled when none is left. */
    private final AtomicInteger open = new AtomicInteger(1);

    /**
     * Gives a record or a slice its place on the page.
     *
     * @param rows the row, or the rows of the slice, as read
     */
    public RecordOnPage(OpenPage page, List<?> rows) {
        this.page = page;
        this.rows = rows;
        this.place = page.place(rows.size());
        this.split = page.split;
        this.number = split == null ? 0 : split.take(rows);
    }

    public OpenPage page() {
        return page;
    }

    /** The row, or the rows of the slice, as read. */
    public List<?> rows() {
        return rows;
    }

    /** The key of one row as it was read. */
    public Cursor key(int index) {
        List<Cursor> read = split == null ? null : page.keys().orElse(null);
        return split == null || read == null ? page.keyOf(rows.get(index)) : read.get(split.place(number + index));
    }

    /** The keys of the rows as they were read. */
    public List<Cursor> keys() {
        return IntStream.range(0, rows.size()).mapToObj(this::key).toList();
    }

    /**
     * The place of one row among all rows that the pipeline ever reads, counted from 1. The checkpoint has passed the row
     * when that many rows are settled.
     */
    public long place(int index) {
        return place + index;
    }

    /** Notes that the record was collected into a batch as {@code items} items. Each of them holds the page. */
    public void collected(int items) {
        page.hold(items);
        open.addAndGet(items);
        collected = true;
        if (rows.size() > items) {
            page.count(Fate.DELIVERED, rows.size() - items); // an earlier owner has delivered these of the slice
        }
        if (ended.get()) {
            // Its end was counted as "nothing left to do", so the page may be passed before the batch is settled.
            page.ledger()
                    .halt("a record was collected after it had ended: a step before the batch hands it to another"
                            + " thread");
        }
    }

    /**
     * Settles more of its items, if there are any. Call {@link Writing#writeRecords} after the last.
     *
     * @param fate the end of the items
     */
    public void settleItems(int items, Fate fate) {
        if (items > 0) {
            if (rows.size() > 1) {
                page.count(fate, items); // each item of a slice is a row
            } else if (fate == Fate.DEAD_LETTERED) {
                itemDeadLettered = true;
            } else if (fate == Fate.LEFT) {
                itemLeft = true;
            }
            close(items);
            page.release(items);
        }
    }

    private void close(int parts) {
        if (open.addAndGet(-parts) == 0) {
            if (rows.size() == 1) {
                boolean setAside = deadLettered || itemDeadLettered;
                page.count(setAside ? Fate.DEAD_LETTERED : itemLeft ? Fate.LEFT : Fate.DELIVERED, 1);
            }
            page.ledger().writing().settledRecords(page, this::keys);
        }
    }

    /** Notes that the record was delivered by itself, without a batch. Earlier failures of the record do not count. */
    public void delivered() {
        delivered = true;
        page.touch();
    }

    /** Notes that the step at this file and line is about to send the record by itself. */
    public void sent(String step) {
        sent = sent || !page.ledger().tally().isQuestion(step);
    }

    /** Notes the answer to a request with this record alone. */
    public void answered(Traced.Sent last) {
        answer = last;
    }

    /** Whether the record was set aside before it was collected into a batch. */
    public boolean isDeadLettered() {
        return deadLettered;
    }

    /** Notes that the record is a durable dead letter. */
    public void deadLettered() {
        deadLettered = true;
        page.touch();
        page.ledger().tally().deadLettered(rows.size());
    }

    /**
     * Ends the exchange of the record. A second end could hide that another record never ended, so it counts as a loss.
     *
     * @param threw whether it ended with an exception that nothing handled
     * @param handled whether an error clause handled an exception
     */
    public void ended(boolean threw, boolean handled) {
        if (!ended.compareAndSet(false, true)) {
            page.lose("a record was seen to end twice");
        } else if (!deadLettered && threw) {
            page.lose("a step threw and no clause dead-lettered the record");
        } else if (deadLettered && collected) {
            page.lose("a record was collected into a batch and set aside too: a step after the aggregate failed, or the"
                    + " aggregate itself, as with a completion expression that reads a column of the batch");
        } else if (!deadLettered && !collected && !delivered && handled) {
            page.lose("a clause handled an exception without a dead letter");
        } else if (!deadLettered && !collected) {
            count();
        }
        if (collected) {
            close(1);
        } else {
            Fate fate = deadLettered ? Fate.DEAD_LETTERED : delivered || sent ? Fate.DELIVERED : Fate.FILTERED;
            page.count(fate, rows.size());
            page.trace().add(this::keys, Traced.Outcome.valueOf(fate.name()), answer);
            page.settledAtClose(this);
        }
        page.end(rows.size());
    }

    private void count() {
        if (delivered) {
            page.ledger().tally().delivered(rows.size());
        } else {
            page.ledger().tally().endedInRoute(rows.size(), sent);
        }
    }
}
