package dev.drover.consistency;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorOrder;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a pipeline may read now. For one thread. */
public final class Horizon {

    /** What looking further showed. */
    public enum Look {
        /** There may be rows up to the bound. */
        FURTHER,
        /** Everything that may be read has been. */
        DRAINED,
        /** It is not known yet: writers are at work. */
        NOT_YET,
        /** The last key that is to be read at all was passed. */
        FINISHED
    }

    private final @Nullable UpperKey upperKey;
    private final boolean once;
    private final @Nullable Cursor until;
    private @Nullable Cursor upTo;
    private boolean open;
    private boolean looked;

    /**
     * A horizon.
     *
     * @param upperKey finds the bound; null when there is none
     * @param until the last key that is to be read at all; null when there is none
     * @param once whether only what is there at the start is read, as on draining
     */
    public Horizon(@Nullable UpperKey upperKey, @Nullable Cursor until, boolean once) {
        this.upperKey = upperKey;
        this.until = until;
        this.once = once;
        this.open = upperKey == null;
    }

    /** What the last look waited for when it was {@link Look#NOT_YET}, for people. */
    public String awaited() {
        return upperKey == null ? "" : upperKey.awaited();
    }

    /** The last key that may be read, null when there is no bound. */
    @Nullable
    public Cursor upTo() {
        return upTo;
    }

    /** There may be more rows up to the bound than were read. */
    public void again() {
        open = true;
    }

    /** Whether there may be rows that may be read. */
    public boolean isOpen() {
        return open;
    }

    /**
     * A page was not full.
     *
     * @return whether that means that the source is drained, rather than only read up to the bound
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
