package dev.drover.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One page on its way: counts how its records ended in the route and what still holds it.
 *
 * <p>The page is held once by its own exchange and once by each record in a batch. When the last hold is released, the
 * ledger may pass it. Thread-safe.
 */
public final class OpenPage {

    /** The exchange property under which a route carries its page. */
    public static final String PROPERTY = "page";

    private final Ledger ledger;
    private final String sequence;
    private final List<String> key;
    private final int asked;
    private final AtomicLong placed;
    private final AtomicInteger holds = new AtomicInteger(1);
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicIntegerArray fates = new AtomicIntegerArray(Fate.values().length);
    private final Queue<Cursor> endedInRoute = new ConcurrentLinkedQueue<>();
    private final Queue<Traced> trace = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long opened = System.nanoTime();
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile boolean touched;
    private volatile boolean fullByBytes;
    private volatile @Nullable String loss;
    private volatile @Nullable List<Cursor> keys;
    private volatile @Nullable SplitRows split;
    private @Nullable Cursor last;
    private volatile int read;
    private volatile long readAt = Traced.micros();
    private volatile boolean abandoned;
    private boolean settled;
    private int room;

    OpenPage(Ledger ledger, String sequence, List<String> key, int asked, long before) {
        this.ledger = ledger;
        this.sequence = sequence;
        this.room = asked;
        this.key = key;
        this.asked = asked;
        this.placed = new AtomicLong(before);
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Whose pages are passed one after the other, this one among them: a partition; empty for a table. */
    public String sequence() {
        return sequence;
    }

    /** How many records of the window it takes; guarded by the lock of the ledger. */
    int room() {
        return room;
    }

    void room(int records) {
        room = records;
    }

    /** Another process reads it again: nothing of it is to be begun any more. */
    public boolean isAbandoned() {
        return abandoned;
    }

    void abandon() {
        abandoned = true;
    }

    /** Since when it is asked for, as {@link System#nanoTime} says it. */
    long opened() {
        return opened;
    }

    /** The source has answered; only the first call counts. */
    public void answered() {
        if (answered.compareAndSet(false, true)) {
            ledger.tally().sourceAnswered(System.nanoTime() - opened);
        }
    }

    /** How many records were asked for. */
    public int asked() {
        return asked;
    }

    /** It ended before it had the records that were asked for, since their bytes were as many as a page may have. */
    public void wasFullByBytes() {
        fullByBytes = true;
    }

    /** How many records' room it takes beyond its own, once its rows are known. */
    int roomOfBytes() {
        return fullByBytes && read > 0 ? asked - read : 0;
    }

    /** The keys of the rows, as they were read; empty until they are. */
    public Optional<List<Cursor>> keys() {
        return Optional.ofNullable(keys);
    }

    /** Its rows were read, and no step of the user has seen them yet: these are their keys. */
    public void wasRead(List<Cursor> keys) {
        this.keys = keys;
        readAt = Traced.micros();
    }

    /**
     * The split of this page begins; to be called after {@link #wasRead}.
     *
     * @param rows what is split: the rows that were read, or some of them
     * @param places for each, which of those that were read it is, from 0; they rise
     */
    public void isSplit(List<?> rows, int[] places) {
        split = new SplitRows(this, rows, places);
    }

    /** How many rows its split was given; empty until it begins. */
    public OptionalInt left() {
        SplitRows given = split;
        return given == null ? OptionalInt.empty() : OptionalInt.of(given.size());
    }

    /** What gives the next rows of the split their keys; null where there is no split. */
    @Nullable
    SplitRows split() {
        return split;
    }

    /**
     * The key of a row of this page.
     *
     * @throws IllegalStateException if a key column is missing or NULL, naming the column
     */
    public Cursor keyOf(Object row) {
        return RowKey.of(key, row);
    }

    /** Gives the next rows of this page their places; returns the place of the first. */
    long place(int records) {
        return placed.getAndAdd(records) + 1;
    }

    /** Records were collected into a batch; each of them holds the page until it is settled. */
    public void hold(int records) {
        touched = true;
        if (holds.getAndAdd(records) == 0) {
            ledger.halt(
                    "records of a settled page were collected: a step before the batch hands them to another thread");
        }
    }

    /** This became of rows; to be called before they are settled. */
    @SuppressWarnings("EnumOrdinal") // the place of a counter, in memory only
    void count(Fate fate, int rows) {
        fates.addAndGet(fate.ordinal(), rows);
    }

    @SuppressWarnings("EnumOrdinal")
    private int rows(Fate fate) {
        return fates.get(fate.ordinal());
    }

    /** Records of this page are settled, with all that was made of them. */
    void settled(RecordOnPage record) {
        if (ledger.settlesByRecord()) {
            ledger.settledRecords(record.keys(), this);
        }
    }

    /**
     * Records ended in the route, with nothing left to do. Where each is settled by itself they are when the page has
     * ended as it should: until then a hand-off to another thread could still collect them.
     */
    void endedInRoute(RecordOnPage record) {
        if (ledger.settlesByRecord()) {
            endedInRoute.addAll(record.keys());
        }
    }

    /** Records that held the page are settled. */
    void release(int records) {
        int left = holds.addAndGet(-records);
        if (left == 0) {
            ledger.settled(this);
        } else if (left < 0) {
            ledger.halt("records of a page were settled more often than they were collected");
        }
    }

    /** Records were seen to end. */
    void end(int records) {
        touched = true;
        ended.addAndGet(records);
    }

    /** A record's exchange ended in a way that would lose it: the page cannot be settled any more. */
    void lose(String how) {
        touched = true;
        loss = how;
    }

    /** A record was set aside, or delivered, before its end was seen. */
    void touch() {
        touched = true;
    }

    /** Whether no record of this page has been seen yet, so that reading it again repeats nothing. */
    public boolean isUntouched() {
        return !touched;
    }

    /** The page could not be read, or was empty: it is forgotten. Halts the pipeline if records are on their way. */
    public void discard() {
        if (touched) {
            ledger.halt("a page was given up although records of it were on their way");
            return;
        }
        answered();
        ledger.discard(this);
    }

    /**
     * The page's own exchange has ended: every record must have been seen to end, in a way that loses none. Releases
     * the exchange's hold; halts the pipeline instead when a record could be lost. Only the first call counts.
     *
     * @param read the rows that were read, at least 1; those that a step has removed before the split are settled
     * @param last the key of the last of them
     */
    public void close(int read, Cursor last) {
        // A second call would release the hold of a record.
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        this.read = read;
        this.last = last;
        if (!ledger.read(this, read)) {
            return;
        }
        int left = left().orElse(read);
        if (loss != null || ended.get() != left) {
            String why = loss != null ? loss : "only " + ended.get() + " of " + left + " records were seen to end";
            ledger.gaveUp("the page up to " + last + " is not settled: " + why);
            return;
        }
        ledger.tally().pageRead(read);
        removed(read - left);
        ledger.settledRecords(endedInRoute, this);
        release(1);
        ledger.writeRecords();
    }

    private void removed(int rows) {
        SplitRows given = split;
        if (rows > 0 && given != null) {
            ledger.tally().endedInRoute(rows, false);
            count(Fate.FILTERED, rows);
            if ((ledger.settlesByRecord() || ledger.isTraced()) && keys != null) {
                List<Cursor> removed = given.removed(keys);
                trace(removed, Traced.Outcome.FILTERED, null);
                if (ledger.settlesByRecord()) {
                    endedInRoute.addAll(removed);
                }
            }
        }
    }

    /** This became of rows, if that is kept; to be called before they are settled. */
    public void trace(Collection<Cursor> keys, Traced.Outcome outcome, Traced.@Nullable Sent sent) {
        if (ledger.isTraced()) {
            trace.add(Traced.now(keys, outcome, sent, readAt));
        }
    }

    /** What became of rows since the last call. */
    List<Traced> takeTrace() {
        List<Traced> taken = new ArrayList<>();
        for (Traced next = trace.poll(); next != null; next = trace.poll()) {
            taken.add(next);
        }
        return taken;
    }

    boolean isSettled() {
        return settled;
    }

    void markSettled() {
        settled = true;
    }

    SettledPage asSettled() {
        if (last == null) {
            throw new IllegalStateException("a page was settled before its exchange ended");
        }
        List<Cursor> known = keys;
        return new SettledPage(
                last,
                read,
                known == null ? List.of() : known,
                new SettledPage.Fates(rows(Fate.DELIVERED), rows(Fate.FILTERED), rows(Fate.DEAD_LETTERED)),
                takeTrace());
    }
}
