package dev.drover.ledger;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A page on its way through the route. It counts how its records end and what still holds it.
 *
 * <p>The page's own exchange holds it once, and each record in a batch holds it once. When the last hold is released, the
 * ledger may pass the page. Thread-safe.
 */
public final class OpenPage {

    /** The exchange property with the page. */
    public static final String PROPERTY = "page";

    private final Ledger ledger;
    private final Writing writing;
    private final String sequence;
    private final List<String> key;
    private final int asked;
    private final AtomicLong placed;
    private final AtomicInteger holds = new AtomicInteger(1);
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicIntegerArray fates = new AtomicIntegerArray(Fate.values().length);
    private final Queue<Cursor> endedInRoute = new ConcurrentLinkedQueue<>();
    private final PageTrace trace;
    private final AtomicBoolean closed = new AtomicBoolean();
    final long opened = System.nanoTime();
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile boolean touched;
    private volatile boolean fullByBytes;
    private volatile @Nullable String loss;
    private volatile @Nullable List<Cursor> keys;
    volatile @Nullable SplitRows split;
    private @Nullable Cursor last;
    private volatile int read;
    volatile boolean abandoned;

    // Guarded by the lock of the ledger: the number of records that the page takes of the window, and its end.
    int room;
    boolean settled;

    OpenPage(Ledger ledger, String sequence, List<String> key, int asked, long before) {
        this.ledger = ledger;
        this.writing = ledger.writing();
        this.trace = new PageTrace(ledger);
        this.sequence = sequence;
        this.room = asked;
        this.key = key;
        this.asked = asked;
        this.placed = new AtomicLong(before);
    }

    public Ledger ledger() {
        return ledger;
    }

    /** The sequence whose pages are passed in order, such as a partition; empty for a table. */
    public String sequence() {
        return sequence;
    }

    /** Whether another process reads the page again, so that no new work may begin on it. */
    public boolean isAbandoned() {
        return abandoned;
    }

    /** Notes that the source has answered. Only the first call counts. */
    public void answered() {
        if (answered.compareAndSet(false, true)) {
            ledger.tally().sourceAnswered(System.nanoTime() - opened);
        }
    }

    /** Notes that the page was cut short because it had reached its largest number of bytes. */
    public void wasFullByBytes() {
        fullByBytes = true;
    }

    /** The room that a page cut short by its bytes takes beyond its own rows, so that it counts as a full page. */
    int roomOfBytes() {
        return fullByBytes && read > 0 ? asked - read : 0;
    }

    /** The keys of the rows as they were read; empty before that. */
    public Optional<List<Cursor>> keys() {
        return Optional.ofNullable(keys);
    }

    /** Notes the keys of the rows, before any step of the user sees the rows. */
    public void wasRead(List<Cursor> keys) {
        this.keys = keys;
        trace.wasRead();
    }

    /**
     * Begins the split of the page. Call it after {@link #wasRead}.
     *
     * @param rows the rows that are split: all rows that were read, or some of them
     * @param places for each of these rows its index, from 0, among the rows that were read; ascending
     */
    public void isSplit(List<?> rows, int[] places) {
        split = new SplitRows(this, rows, places);
    }

    /** The number of rows that the split was given; empty before the split. */
    public OptionalInt left() {
        SplitRows given = split;
        return given == null ? OptionalInt.empty() : OptionalInt.of(given.size());
    }

    public PageTrace trace() {
        return trace;
    }

    /** The key of a row of this page, see {@link Cursor#of}. */
    public Cursor keyOf(Object row) {
        return Cursor.of(key, row);
    }

    /** Assigns places to the next records of this page. Returns the place of the first. */
    long place(int records) {
        return placed.getAndAdd(records) + 1;
    }

    /** Adds a hold for each record that was collected into a batch. */
    public void hold(int records) {
        touched = true;
        if (holds.getAndAdd(records) == 0) {
            ledger.halt(
                    "records of a settled page were collected: a step before the batch hands them to another thread");
        }
    }

    /** Counts the end of rows. Call it before they are settled. */
    @SuppressWarnings("EnumOrdinal") // the index of a counter, in memory only
    void count(Fate fate, int rows) {
        fates.addAndGet(fate.ordinal(), rows);
    }

    @SuppressWarnings("EnumOrdinal")
    private int rows(Fate fate) {
        return fates.get(fate.ordinal());
    }

    /** Settles it when the page closes: until then, a step that hands it to another thread could still collect it. */
    void settledAtClose(RecordOnPage record) {
        if (writing.settlesByRecord()) {
            endedInRoute.addAll(record.keys());
        }
    }

    /** Releases the holds of settled records. */
    void release(int records) {
        int left = holds.addAndGet(-records);
        if (left == 0) {
            writing.settled(this);
        } else if (left < 0) {
            ledger.halt("records of a page were settled more often than they were collected");
        }
    }

    /** Notes the end of the exchange of records. */
    void end(int records) {
        touched = true;
        ended.addAndGet(records);
    }

    /** Notes that a record ended in a way that would lose it, so the page can never be settled. */
    void lose(String how) {
        touched = true;
        loss = how;
    }

    /** Notes that a record was dead-lettered or delivered before its exchange ended. */
    void touch() {
        touched = true;
    }

    /** Whether no record of this page was seen yet, so that the page can be read again without repeating any. */
    public boolean isUntouched() {
        return !touched;
    }

    /** Forgets a page that could not be read or was empty. Halts the pipeline if any of its records was seen. */
    public void discard() {
        if (touched) {
            ledger.halt("a page was given up although records of it were on their way");
            return;
        }
        answered();
        writing.discard(this);
    }

    /**
     * Closes the page when its own exchange has ended. If every record was seen to end and none was lost, this releases
     * the hold of the exchange. Otherwise it gives the page up, which halts the pipeline. Only the first call counts.
     *
     * @param read the number of rows that were read, at least 1; rows that a step removed before the split are settled
     * @param last the key of the last row
     */
    public void close(int read, Cursor last) {
        // A second call would release the hold of a record.
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        this.read = read;
        this.last = last;
        if (!writing.read(this, read)) {
            return;
        }
        int left = left().orElse(read);
        if (loss != null || ended.get() != left) {
            String why = loss != null ? loss : "only " + ended.get() + " of " + left + " records were seen to end";
            ledger.ending().gaveUp("the page up to " + last + " is not settled: " + why);
            return;
        }
        ledger.tally().pageRead(read);
        SplitRows given = split;
        if (read > left && given != null) {
            ledger.tally().endedInRoute(read - left, false);
            count(Fate.FILTERED, read - left);
            Supplier<List<Cursor>> removed = () -> given.removed(keys().orElse(List.of()));
            trace.add(removed, Traced.Outcome.FILTERED, null);
            writing.settledRecords(this, removed);
        }
        writing.settledRecords(this, () -> endedInRoute);
        release(1);
        writing.writeRecords();
    }

    SettledPage asSettled() {
        if (last == null) {
            throw new IllegalStateException("a page was settled before its exchange ended");
        }
        SettledPage.Fates ends =
                new SettledPage.Fates(rows(Fate.DELIVERED), rows(Fate.FILTERED), rows(Fate.DEAD_LETTERED));
        return new SettledPage(last, read, keys().orElse(List.of()), ends, trace.take());
    }
}
