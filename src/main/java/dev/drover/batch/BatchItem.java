package dev.drover.batch;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.RecordOnPage;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One record of a batch: what is sent of it, and where it came from. It holds its page until it is settled. Thread-safe.
 */
public final class BatchItem {

    private static final String NOT_DELIVERED = "";
    private static final AtomicReferenceFieldUpdater<BatchItem, @Nullable String> END =
            AtomicReferenceFieldUpdater.newUpdater(BatchItem.class, String.class, "end");

    private final Object body;
    private final RecordOnPage record;
    private final int index;

    /** The step that delivered it; empty if it was settled otherwise, null until it is. */
    private volatile @Nullable String end;

    BatchItem(Object body, RecordOnPage record, int index) {
        this.body = body;
        this.record = record;
        this.index = index;
    }

    /** What the user's steps made of the record. */
    public Object body() {
        return body;
    }

    /** The row as it was read. */
    public Object row() {
        return record.rows().get(index);
    }

    /** The key of the row as it was read. */
    public Cursor key() {
        return record.key(index);
    }

    /** Its place among all records that the pipeline ever reads. */
    long place() {
        return record.place(index);
    }

    public RecordOnPage record() {
        return record;
    }

    /** Whether it was delivered, set aside or left to be read again. */
    public boolean isSettled() {
        return end != null;
    }

    /** Whether another step than this has delivered it. */
    boolean isDeliveredByOther(String step) {
        String delivered = end;
        return delivered != null && !delivered.equals(NOT_DELIVERED) && !delivered.equals(step);
    }

    /** A step has delivered it; returns whether it was not settled before. The caller releases its hold then. */
    boolean settleBy(String step) {
        return END.compareAndSet(this, null, step);
    }

    /** It was set aside, or is left to be read again; as {@link #settleBy}. */
    boolean settle() {
        return settleBy(NOT_DELIVERED);
    }
}
