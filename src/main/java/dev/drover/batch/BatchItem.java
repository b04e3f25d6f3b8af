package dev.drover.batch;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.RecordOnPage;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A record of a batch: its body, and the row that it was made of. It holds its page until it is settled. Thread-safe. */
public final class BatchItem {

    private static final String NOT_DELIVERED = "";
    private static final AtomicReferenceFieldUpdater<BatchItem, @Nullable String> END =
            AtomicReferenceFieldUpdater.newUpdater(BatchItem.class, String.class, "end");

    private final Object body;
    private final RecordOnPage record;
    private final int index;

    /** The step that delivered the record; empty if it was settled otherwise; null before it is settled. */
    private volatile @Nullable String end;

    private @Nullable String token;

    BatchItem(Object body, RecordOnPage record, int index) {
        this.body = body;
        this.record = record;
        this.index = index;
    }

    /** The body that the steps of the user made of the record. */
    public Object body() {
        return body;
    }

    /** The row as it was read. */
    public Object row() {
        return record.rows().get(index);
    }

    /** A text that no other item has. */
    public synchronized String token() {
        if (token == null) {
            token = UUID.randomUUID().toString();
        }
        return token;
    }

    /** The key of the row as it was read. */
    public Cursor key() {
        return record.key(index);
    }

    /** The place among all records that the pipeline ever reads. */
    public long place() {
        return record.place(index);
    }

    public RecordOnPage record() {
        return record;
    }

    /** Whether the record was delivered, dead-lettered or left to be read again. */
    public boolean isSettled() {
        return end != null;
    }

    /** Whether a step other than this one has delivered the record. */
    boolean isDeliveredByOther(String step) {
        String delivered = end;
        return isDelivered() && !step.equals(delivered);
    }

    /** Whether a destination has accepted the record. */
    public boolean isDelivered() {
        String delivered = end;
        return delivered != null && !delivered.equals(NOT_DELIVERED);
    }

    /** Settles the record as delivered by a step. Returns false if it was settled before; otherwise release its hold. */
    boolean settleBy(String step) {
        return END.compareAndSet(this, null, step);
    }

    /** Settles a record that was dead-lettered or is left to be read again. Returns false if it was settled before. */
    boolean settle() {
        return settleBy(NOT_DELIVERED);
    }
}
