package dev.drover.ledger;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The identity of one record (or of one slice of records) inside its page, fixed before any step of the user touches
 * it. Copies of the record's exchange share it, so the batch can mark it although it works on a copy.
 *
 * <p>Thread-safe: marked by the thread that routes the record, read by the one that ends it.
 */
public final class RecordOnPage {

    /** The exchange property under which a route carries its record. */
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
    private volatile boolean itemSetAside;
    private volatile boolean itemLeft;
    private volatile Traced.@Nullable Sent answer;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Its own exchange and the items that were collected of it: when none is left, it is settled. */
    private final AtomicInteger open = new AtomicInteger(1);

    /**
     * A record, or a slice, as it was read.
     *
     * @param page the page it is on
     * @param rows the row, or the rows of the slice, as read
     */
    public RecordOnPage(OpenPage page, List<?> rows) {
        this.page = page;
        this.rows = rows;
        this.place = page.place(rows.size());
        this.split = page.split();
        this.number = split == null ? 0 : split.take(rows);
    }

    public OpenPage page() {
        return page;
    }

    /** The rows as read: one, or those of the slice. */
    public List<?> rows() {
        return rows;
    }

    /** The key of one of its rows, as it was read. */
    public Cursor key(int index) {
        List<Cursor> read = split == null ? null : page.keys().orElse(null);
        return split == null || read == null ? page.keyOf(rows.get(index)) : read.get(split.place(number + index));
    }

    /** The keys of its rows, as they were read. */
    public List<Cursor> keys() {
        return IntStream.range(0, rows.size()).mapToObj(this::key).toList();
    }

    /**
     * The place of one of its rows among all that this pipeline ever reads, counted from 1: the checkpoint has passed
     * the row when as many are settled.
     */
    public long place(int index) {
        return place + index;
    }

    /** The records were collected into a batch as {@code items} items; each holds the page until it is settled. */
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
     * So many more of its items are settled, if any; {@link Ledger#writeRecords} is to be called after the last.
     *
     * @param fate what became of them
     */
    public void settleItems(int items, Fate fate) {
        if (items > 0) {
            if (rows.size() > 1) {
                page.count(fate, items); // each item of a slice is a row
            } else if (fate == Fate.DEAD_LETTERED) {
                itemSetAside = true;
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
                page.count(
                        deadLettered || itemSetAside ? Fate.DEAD_LETTERED : itemLeft ? Fate.LEFT : Fate.DELIVERED, 1);
            }
            page.settled(this);
        }
    }

    /** The record was delivered by itself, without a batch; what failed before it was accepted is forgotten. */
    public void delivered() {
        delivered = true;
        page.touch();
    }

    /** The step at this place, its file and line, is about to send the record by itself. */
    public void sent(String place) {
        sent = sent || !page.ledger().tally().isQuestion(place);
    }

    /** The record was sent by itself, and this was the answer. */
    public void answered(Traced.Sent last) {
        answer = last;
    }

    /** The record was set aside durably. */
    public void deadLettered() {
        deadLettered = true;
        page.touch();
        page.ledger().tally().deadLettered(rows.size());
    }

    /**
     * The record's exchange has ended; seen a second time, it could stand for a record whose end was never seen.
     *
     * @param threw whether it ended with an exception that nobody handled
     * @param handled whether some clause handled an exception on the way
     */
    public void ended(boolean threw, boolean handled) {
        if (!ended.compareAndSet(false, true)) {
            page.lose("a record was seen to end twice");
        } else if (!deadLettered && threw) {
            page.lose("a step threw and no clause dead-lettered the record");
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
            if (page.ledger().isTraced()) {
                page.trace(keys(), Traced.Outcome.valueOf(fate.name()), answer);
            }
            page.endedInRoute(this);
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
