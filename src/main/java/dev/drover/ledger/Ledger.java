package dev.drover.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The open pages of one pipeline, in the order in which they were read, and what may be said to be settled of them.
 *
 * <p>Records are settled in any order; the checkpoint is the acknowledged low watermark: it passes a page only when
 * every older page was passed before. The window, records read and not yet passed, is bounded by {@code maxInFlight}.
 *
 * <p>Thread-safe. One thread at a time writes to the settlement, without holding the lock; what other threads settle
 * meanwhile is written by the same thread in one further write.
 */
public final class Ledger {

    private static final Duration TICK = Duration.ofMillis(50);
    private static final String ONLY_SEQUENCE = "";

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final OpenPages open = new OpenPages();
    private final Unwritten unwritten = new Unwritten();
    private final Set<Runnable> flushers = ConcurrentHashMap.newKeySet();
    private final Tally tally = new Tally();
    private final Remembered remembered = new Remembered();
    private final Deliveries deliveries;
    private final AtomicReference<@Nullable String> alarm;
    private final @Nullable Ledger main;
    private final String pipeline;
    private final Settlement settlement;
    private final boolean inOrder;
    private final boolean byReader;
    private final int maxInFlight;

    private long window;
    private long placed;
    private boolean roomWanted;
    private boolean woken;
    private volatile boolean stopping;
    private volatile boolean gaveUp;
    private volatile @Nullable SettlementException unwritable;
    private volatile long lastWritten = System.nanoTime();
    private @Nullable String halted;

    /**
     * A ledger with no open page.
     *
     * @param pipeline the name of the pipeline, for messages
     * @param settlement what is done about settled pages
     * @param maxInFlight the largest window, in records, at least 1
     */
    public Ledger(String pipeline, Settlement settlement, int maxInFlight) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("maxInFlight must be at least 1, not " + maxInFlight);
        }
        this.pipeline = pipeline;
        this.settlement = settlement;
        this.inOrder = settlement.inOrder();
        this.byReader = settlement.isByReader();
        this.maxInFlight = maxInFlight;
        this.placed = settlement.settled();
        this.deliveries = new Deliveries();
        this.alarm = new AtomicReference<>();
        this.main = null;
    }

    private Ledger(Ledger main, int maxInFlight) {
        this.pipeline = main.pipeline;
        this.settlement = new Unrecorded(main.settlement);
        this.inOrder = settlement.inOrder();
        this.byReader = settlement.isByReader();
        this.maxInFlight = maxInFlight;
        this.deliveries = main.deliveries;
        this.alarm = main.alarm;
        this.main = main;
    }

    /**
     * A ledger for records that are delivered beside the pages of this pipeline, under its lease and until it ends. That
     * they are settled is recorded nowhere.
     *
     * @param records how many, at least 1
     */
    public Ledger beside(int records) {
        return new Ledger(this, records);
    }

    /** The number of the ownership of the pipeline; 0 where nobody owns it, so that it has no checkpoint. */
    public long epoch() {
        return settlement.epoch();
    }

    /** What was delivered before it is read. */
    public Remembered remembered() {
        return remembered;
    }

    /** Whether nothing more is to be begun: the pipeline is stopping, or was halted. */
    public boolean isEnding() {
        return stopping || halted().isPresent() || (main != null && main.isEnding());
    }

    public String pipeline() {
        return pipeline;
    }

    /** The number of this run over the source, see {@link Settlement#run}. */
    public long run() {
        return settlement.run();
    }

    /** What is done about what is settled. */
    public Settlement settlement() {
        return settlement;
    }

    public Tally tally() {
        return tally;
    }

    /** The batches on their way. */
    public Deliveries deliveries() {
        return deliveries;
    }

    /** What keeps the checkpoint where it is, empty while nothing is in flight. */
    public Optional<Holder> holder() {
        OpenPage oldest;
        lock.lock();
        try {
            oldest = open.oldest();
            if (oldest == null) {
                return unwritten.isNone()
                        ? Optional.empty()
                        : Optional.of(Holder.waitingFor("the checkpoint is not written yet"));
            }
        } finally {
            lock.unlock();
        }
        return deliveries.holderOf(oldest).or(() -> Optional.of(Holder.waitingFor("a page is read and collected")));
    }

    /** Opens a page of at most {@code asked} records; the room for them is taken at once. */
    public OpenPage open(List<String> key, int asked) {
        return open(ONLY_SEQUENCE, key, asked);
    }

    /**
     * The same of one of several sequences, each of which is settled in its own order: a page of one never waits for
     * those of another.
     *
     * @param sequence its name, that of a partition for instance
     */
    public OpenPage open(String sequence, List<String> key, int asked) {
        lock.lock();
        try {
            OpenPage page = new OpenPage(this, sequence, key, asked, placed);
            open.add(page);
            window += asked;
            changed.signalAll();
            return page;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a page of {@code asked} records fits into the window, the pipeline has halted or {@link #wake()} is
     * called, but no longer than {@code patience}.
     *
     * @return whether there is room
     * @throws IllegalArgumentException if a page of {@code asked} records never fits
     */
    public boolean awaitRoom(int asked, Duration patience) throws InterruptedException {
        if (asked > maxInFlight) {
            throw new IllegalArgumentException(
                    "a page of " + asked + " records never fits into maxInFlight " + maxInFlight);
        }
        locked(() -> roomWanted = !hasRoom(asked));
        write();
        try {
            return await(() -> hasRoom(asked), patience);
        } finally {
            locked(() -> roomWanted = false);
        }
    }

    /**
     * Whether a page of so many records fits into the window now. One that is full by its bytes takes as much room as one
     * that is full by its records, until it is settled.
     */
    public boolean hasRoom(int asked) {
        lock.lock();
        try {
            return window + open.roomOfBytes() + asked <= maxInFlight;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every page is passed, under the same conditions as {@link #awaitRoom}. */
    public boolean awaitSettled(Duration patience) throws InterruptedException {
        return await(() -> open.isEmpty() && unwritten.isNone(), patience);
    }

    /** Waits so long, but no longer than the pipeline runs; returns whether it still does. */
    public boolean rest(Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        lock.lockInterruptibly();
        try {
            for (long left = length.toNanos(); left > 0 && !isEnding(); left = end - System.nanoTime()) {
                long unused = changed.awaitNanos(Math.min(left, TICK.toNanos()));
            }
            return !isEnding();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a wait early, so that a stop is never delayed by one. */
    public void wake() {
        locked(() -> woken = true);
    }

    /** Records read, or asked for by a page that is being read, and not yet passed. */
    public long window() {
        lock.lock();
        try {
            return window;
        } finally {
            lock.unlock();
        }
    }

    /** Those of one sequence that are not settled up to the first of them. */
    public long window(String sequence) {
        lock.lock();
        try {
            return open.of(sequence).stream().mapToLong(OpenPage::room).sum();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Another process reads the open pages of a sequence again: nothing of them is settled any more, and batches that have
     * records of them are not sent again. What is on the wire arrives, and arrives there once more.
     */
    public void abandon(String sequence) {
        locked(() -> {
            for (OpenPage page : open.take(sequence)) {
                window -= page.room();
                tally.abandoned(page.room());
                page.abandon();
            }
        });
    }

    /**
     * Stops the pipeline for good: something happened after which reading on could lose a record. The first reason
     * stays; the checkpoint does not pass what was open.
     */
    public void halt(String reason) {
        locked(() -> halted = halted == null ? reason : halted);
    }

    /** The pipeline is stopping on purpose (or starts again): what is given up from now on is only read again later. */
    public void stopping(boolean stopping) {
        this.stopping = stopping;
        wake();
    }

    /** Records were given up unsettled: expected while stopping, otherwise a hole in the route, which halts it. */
    public void gaveUp(String what) {
        gaveUp = true;
        if (!stopping) {
            halt(what);
        }
    }

    /**
     * Waits until this process may act for the pipeline; to be called before each page and each attempt. At once while
     * the lease is held; else as long as it takes to renew it.
     *
     * @return false if it may not act any more: the pipeline is stopping, or was halted, and the lease is not held
     */
    public boolean awaitLease() throws InterruptedException {
        Lease lease = settlement.lease();
        if (lease.isHeld()) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            while (!lease.isHeld() && !isEnding()) {
                long unused = changed.awaitNanos(TICK.toNanos());
            }
            return lease.isHeld();
        } finally {
            lock.unlock();
        }
    }

    /** Whether records were given up, so that only reading again from the checkpoint brings them back. */
    public boolean hasGivenUp() {
        return gaveUp;
    }

    /**
     * Notes that the destination refuses the pipeline itself.
     *
     * @return whether this is new, so that it is said once
     */
    public boolean alarm(String reason) {
        return alarm.getAndSet(reason) == null;
    }

    /** Notes that the destination accepts; returns whether an alarm ends by that. */
    public boolean allClear() {
        return alarm.get() != null && alarm.getAndSet(null) != null;
    }

    /** Why the destination refuses the pipeline, empty while it does not. */
    public Optional<String> alarmed() {
        return Optional.ofNullable(alarm.get());
    }

    /** For how long the oldest page is open that is not passed; zero while nothing is in flight. */
    public Duration oldestAge() {
        lock.lock();
        try {
            OpenPage oldest = open.oldest();
            return oldest == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - oldest.opened());
        } finally {
            lock.unlock();
        }
    }

    /** How long ago something settled was written; if nothing was in this run, for how long it runs. */
    public Duration lastWriteAge() {
        return Duration.ofNanos(System.nanoTime() - lastWritten);
    }

    /** Why what is settled could not be written when it was last tried; empty when it could. */
    public Optional<SettlementException> unwritable() {
        return Optional.ofNullable(unwritable);
    }

    /** Why the pipeline was halted, empty while it runs. */
    public Optional<String> halted() {
        lock.lock();
        try {
            return Optional.ofNullable(halted);
        } finally {
            lock.unlock();
        }
    }

    /** Registers what closes the incomplete batches of this pipeline at once; registering twice does nothing. */
    public void flushWith(Runnable flusher) {
        flushers.add(flusher);
    }

    /** Closes all incomplete batches, so that neither the end of the source nor a full window makes them wait. */
    public void flush() {
        flushers.forEach(Runnable::run);
    }

    /** Writes what is settled and was not or could not be written before; to be called from time to time. */
    public void retryWrites() {
        write();
    }

    /** Writes what is settled, now or right after the write that is under way: nobody will call again. */
    public void writeNow() {
        locked(unwritten::want);
        write();
    }

    /**
     * The page's exchange has ended and its rows are known: room asked for in vain is given back.
     *
     * @return whether it counts; not if it was abandoned
     */
    boolean read(OpenPage page, int rows) {
        lock.lock();
        try {
            if (page.isAbandoned()) {
                return false;
            }
            window -= page.room() - rows;
            page.room(rows);
            placed += rows;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The page was not read, or was empty: it leaves no trace. */
    void discard(OpenPage page) {
        locked(() -> {
            if (open.remove(page)) {
                window -= page.room();
                passSettled(page.sequence());
            }
        });
        writeUnlessByReader();
    }

    /** The last hold of the page was released. */
    void settled(OpenPage page) {
        locked(() -> pass(page));
        writeUnlessByReader();
    }

    private void pass(OpenPage page) {
        page.markSettled();
        if (inOrder) {
            passSettled(page.sequence());
        } else {
            open.remove(page); // its records were named one by one
        }
    }

    /** Whether each record is settled by itself, so that it is to be named. */
    boolean settlesByRecord() {
        return !inOrder;
    }

    /** Records are settled by themselves; written by the next {@link #writeRecords}. */
    void settledRecords(Collection<Cursor> keys) {
        if (keys.isEmpty()) {
            return;
        }
        locked(() -> keys.forEach(key -> unwritten.add(new SettledPage(key, 1))));
    }

    /** Records have been settled: where each is settled by itself, all of them are written together now. */
    public void writeRecords() {
        if (settlesByRecord()) {
            writeUnlessByReader();
        }
    }

    /** Never past an open page: what is settled behind it in its sequence waits for it. */
    private void passSettled(String sequence) {
        open.takeSettled(sequence).forEach(page -> unwritten.add(page.asSettled()));
    }

    private void writeUnlessByReader() {
        if (!byReader) {
            write();
        }
    }

    private void write() {
        List<SettledPage> pages = takeUnwritten();
        while (!pages.isEmpty()) {
            boolean written = false;
            try {
                settlement.settle(pages);
                written = true;
                unwritable = null;
                lastWritten = System.nanoTime();
            } catch (FencedException e) {
                halt(e.getMessage());
            } catch (SettlementException e) {
                unwritable = e;
                tally.settlementFailed(e);
            } catch (RuntimeException e) {
                // Not thrown on: whoever released the last hold has delivered his batch and must not repeat it.
                halt("what is settled can not be written: " + e);
            } finally {
                endWrite(pages, written);
            }
            pages = written ? takeUnwritten() : List.of();
        }
    }

    private List<SettledPage> takeUnwritten() {
        lock.lock();
        try {
            return unwritten.take(!open.isEmpty() && !roomWanted && !isEnding());
        } finally {
            lock.unlock();
        }
    }

    private void endWrite(List<SettledPage> pages, boolean written) {
        locked(() -> {
            if (written) {
                unwritten.written(settlement.pace());
                pages.forEach(page -> window -= page.rows());
            } else {
                unwritten.notWritten(pages, settlement.pace());
            }
        });
    }

    private boolean await(BooleanSupplier reached, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!reached.getAsBoolean() && halted == null && !woken && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
            return reached.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
