package dev.drover.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The records that are read, or asked for by a page that is being read, and not yet passed: those of the open pages, and
 * those that are settled and not written yet. It counts them once, from when their page is opened until they are written.
 *
 * <p>Guarded by the {@link LedgerLock} of its {@link Ledger}; nothing here waits or writes.
 */
final class Window {

    private final OpenPages open = new OpenPages();
    private final Unwritten unwritten = new Unwritten();
    private final boolean inOrder;
    private final int maxInFlight;
    private long records;
    private long placed;
    private boolean roomWanted;

    /**
     * What keeps the settled from being passed.
     *
     * @param page the page that was opened first; empty if none is open
     * @param isWritten whether all that is settled is written
     */
    record Oldest(Optional<OpenPage> page, boolean isWritten) {}

    /**
     * An empty window.
     *
     * @param settlement says whether pages are settled in order, and where their places begin
     * @param maxInFlight the most records it may have
     */
    Window(Settlement settlement, int maxInFlight) {
        this.inOrder = settlement.inOrder();
        this.placed = settlement.settled();
        this.maxInFlight = maxInFlight;
    }

    /** A page takes its room at once, for as many records as it asks for. */
    OpenPage open(Ledger ledger, String sequence, List<String> key, int asked) {
        OpenPage page = new OpenPage(ledger, sequence, key, asked, placed);
        open.add(page);
        records += asked;
        return page;
    }

    /** Room asked for in vain is given back; returns false if the page was abandoned and does not count. */
    boolean read(OpenPage page, int rows) {
        if (page.isAbandoned()) {
            return false;
        }
        records -= page.room() - rows;
        page.room(rows);
        placed += rows;
        return true;
    }

    /** The page leaves no trace, if it is still open. */
    void discard(OpenPage page) {
        if (open.remove(page)) {
            records -= page.room();
            passSettled(page.sequence());
        }
    }

    /** The page is settled. */
    void settled(OpenPage page) {
        page.markSettled();
        if (inOrder) {
            passSettled(page.sequence());
        } else {
            open.remove(page); // its records were named one by one
        }
    }

    /** Never past an open page: what is settled behind it in its sequence waits for it. */
    private void passSettled(String sequence) {
        open.takeSettled(sequence).forEach(page -> unwritten.add(page.asSettled()));
    }

    /** Records are settled by themselves. */
    void settled(Collection<Cursor> keys) {
        keys.forEach(key -> unwritten.add(new SettledPage(key, 1)));
    }

    /** Nothing of the open pages of a sequence is settled any more; returns how many records they had. */
    int abandon(String sequence) {
        int abandoned = 0;
        for (OpenPage page : open.take(sequence)) {
            abandoned += page.room();
            page.abandon();
        }
        records -= abandoned;
        return abandoned;
    }

    /** Whether each record is settled by itself. */
    boolean settlesByRecord() {
        return !inOrder;
    }

    /** Refuses a page that would wait for ever; needs no lock. */
    void checkFits(int asked) {
        if (asked > maxInFlight) {
            throw new IllegalArgumentException(
                    "a page of " + asked + " records never fits into maxInFlight " + maxInFlight);
        }
    }

    /** One that is full by its bytes takes as much room as one that is full by its records, until it is settled. */
    boolean hasRoom(int asked) {
        return records + open.roomOfBytes() + asked <= maxInFlight;
    }

    /** Somebody waits for room, or not any more: until then what is settled is written at once. */
    void wantRoom(boolean wanted) {
        roomWanted = wanted;
    }

    long records() {
        return records;
    }

    /** Those of the open pages of one sequence. */
    long records(String sequence) {
        return open.of(sequence).stream().mapToLong(OpenPage::room).sum();
    }

    /** Whether everything that was read is settled and written. */
    boolean isPassed() {
        return open.isEmpty() && unwritten.isNone();
    }

    Oldest oldest() {
        return new Oldest(open.oldest(), unwritten.isNone());
    }

    /** The next write is not to wait for more, also if one is under way now. */
    void wantWrite() {
        unwritten.want();
    }

    /**
     * What is settled, to be written and then given to {@link #written} or {@link #notWritten}; none while others are
     * written, or while it is better written with what is to come.
     *
     * @param ending whether nothing more is to come
     */
    List<SettledPage> take(boolean ending) {
        return unwritten.take(!open.isEmpty() && !roomWanted && !ending);
    }

    /** What was taken is written, so it leaves the window; the next write waits for this long if it may. */
    void written(List<SettledPage> taken, Duration pace) {
        unwritten.written(pace);
        taken.forEach(page -> records -= page.rows());
    }

    /** What was taken is to be written with the next, in the same order. */
    void notWritten(List<SettledPage> taken, Duration pace) {
        unwritten.notWritten(taken, pace);
    }
}
