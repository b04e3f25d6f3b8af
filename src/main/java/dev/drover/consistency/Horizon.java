package dev.drover.consistency;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorOrder;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bound up to which a pipeline may read now. For one thread. */
public final class Horizon {

    /** The result of a look for a further bound. */
    public enum Look {
        /** There may be rows up to the bound. */
        FURTHER,
        /** Everything that may be read has been read. */
        DRAINED,
        /** Unknown, because writers are at work. */
        NOT_YET,
        /** The last key that the pipeline should ever read was passed. */
        FINISHED
    }

    private final @Nullable UpperKey upperKey;
    private final boolean once;
    private final @Nullable Cursor until;
    private @Nullable Cursor upTo;
    private boolean open;
    private boolean looked;

    /**
     * Begins without a bound found.
     *
     * @param upperKey finds the bound; null if the mode needs none
     * @param until the last key that the pipeline should ever read; null for no end
     * @param once whether to find only one bound, as for a drain
     */
    public Horizon(@Nullable UpperKey upperKey, @Nullable Cursor until, boolean once) {
        this.upperKey = upperKey;
        this.until = until;
        this.once = once;
        this.open = upperKey == null;
    }

    /** The reason of the last {@link Look#NOT_YET}, for people. */
    public String awaited() {
        return upperKey == null ? "" : upperKey.awaited();
    }

    /** The last key that may be read; null if there is no bound. */
    @Nullable
    public Cursor upTo() {
        return upTo;
    }

    /** Says that there may be unread rows up to the bound. */
    public void again() {
        open = true;
    }

    /** Whether there may be unread rows up to the bound. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Says that a page was not full.
     *
     * @return whether the source is drained; false if it was only read up to the bound
     */
    public boolean reached() {
        open = upperKey == null;
        return open;
    }

    /** Looks for a bound beyond the one that was reached. */
    public Look look() throws SQLException, InterruptedException {
        if (upperKey == null) {
            return Look.FURTHER;
        }
        if (upTo != null && upTo.equals(until)) {
            return Look.FINISHED;
        }
        if (once && looked) {
            return Look.DRAINED;
        }
        Optional<UpperKey.Found> found = upperKey.find(upTo);
        if (found.isEmpty()) {
            return Look.NOT_YET;
        }
        looked = true;
        Cursor key = bounded(found.get().key());
        if (key == null || key.equals(upTo)) {
            return Look.DRAINED;
        }
        upTo = key;
        open = true;
        return Look.FURTHER;
    }

    private @Nullable Cursor bounded(@Nullable Cursor key) {
        return key == null || until == null ? key : CursorOrder.lower(until, key);
    }
}
