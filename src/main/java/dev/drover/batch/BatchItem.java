package dev.drover.batch;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.RecordOnPage;
import org.jspecify.annotations.Nullable;

/** One record of a batch: what is sent of it, and where it came from. It holds its page until it is settled. */
public final class BatchItem {

    private final Object body;
    private final RecordOnPage record;
    private final int index;
    private boolean settled;
    private @Nullable String deliveredBy;

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
    public synchronized boolean isSettled() {
        return settled;
    }

    /** A step has sent it and it was accepted; the first one is kept. */
    synchronized void deliveredBy(String step) {
        if (deliveredBy == null) {
            deliveredBy = step;
        }
    }

    /** Whether it was accepted after another step than this had sent it. */
    synchronized boolean isDeliveredByOther(String step) {
        return deliveredBy != null && !deliveredBy.equals(step);
    }

    /** Releases the hold, once. */
    synchronized boolean settle() {
        if (settled) {
            return false;
        }
        settled = true;
        record.settleItem();
        return true;
    }
}
