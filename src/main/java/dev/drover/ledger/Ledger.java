package dev.drover.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
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

    private static final String ONLY_SEQUENCE = "";
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final LedgerLock lock = new LedgerLock();
    private final Set<Runnable> flushers = ConcurrentHashMap.newKeySet();
    private final Tally tally = new Tally();
    private final Remembered remembered = new Remembered();
    private final Deliveries deliveries;
    private final AtomicReference<@Nullable String> alarm;
    private final AtomicReference<@Nullable String> unstored;
    private final AtomicReference<@Nullable AuditResult> audited = new AtomicReference<>();
    private final String pipeline;
    private final Settlement settlement;
    private final Ending ending;
    private final Window window;
    private final Writing writing;
    private volatile boolean abandoned;
    private volatile boolean together;
    private volatile boolean traced;
    private volatile IntSupplier room = () -> 1;

    /**
     * A ledger with no open page.
     *
     * @param pipeline the name of the pipeline, for messages
     * @param settlement what is done about settled pages
     * @param maxInFlight the largest window, in records, at least 1
     */
    public Ledger(String pipeline, Settlement settlement, int maxInFlight) {
        this(pipeline, settlement, maxInFlight, null);
    }

    private Ledger(String pipeline, Settlement settlement, int maxInFlight, @Nullable Ledger main) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("maxInFlight must be at least 1, not " + maxInFlight);
        }
        this.pipeline = pipeline;
        this.settlement = settlement;
        this.deliveries = main == null ? new Deliveries() : main.deliveries;
        this.alarm = main == null ? new AtomicReference<>() : main.alarm;
        this.unstored = main == null ? new AtomicReference<>() : main.unstored;
        this.ending = new Ending(lock, main == null ? null : main.ending);
        this.window = new Window(settlement, maxInFlight);
        this.writing = new Writing(lock, window, settlement, ending, tally);
        this.traced = main != null && main.traced;
    }

    /**
     * A ledger for records that are delivered beside the pages of this pipeline, under its lease and until it ends. That
     * they are settled is recorded nowhere.
     *
     * @param records how many, at least 1
     */
    public Ledger beside(int records) {
        return new Ledger(pipeline, new Unrecorded(settlement), records, this);
    }

    /** The epoch of the owner of the pipeline; 0 where the pipeline has no owner, and so no checkpoint. */
    public long epoch() {
        return settlement.epoch();
    }

    /** What was delivered before it is read. */
    public Remembered remembered() {
        return remembered;
    }

    /** Whether nothing more is to be begun: the pipeline is stopping, or was halted. */
    public boolean isEnding() {
        return ending.isEnding();
    }

    public String pipeline() {
        return pipeline;
    }

    /** The number of this run over the source, see {@link Settlement#run}. */
    public long run() {
        return settlement.run();
    }

    /**
     * Adds to a hash which record this is: its key, and what tells it from another row that gets the same key later, see
     * {@link Settlement#life}.
     */
    public void identify(Cursor key, Sha256 hash) {
        String life = settlement.life(key);
        if (!life.isEmpty()) {
            hash.add(life);
        }
        key.addTo(hash);
    }

    /** The identity of a record for other systems. */
    public String recordId(Cursor key) {
        return RecordId.of(pipeline, settlement.life(key), key);
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
        String dead = unstored.get();
        if (dead != null) {
            return Optional.of(Holder.waitingFor("the store takes a dead letter: " + dead));
        }
        Window.Oldest oldest = lock.locked(window::oldest);
        if (oldest.page().isPresent()) {
            return deliveries
                    .holderOf(oldest.page().get())
                    .or(() -> Optional.of(Holder.waitingFor("a page is read and collected")));
        }
        return oldest.isWritten()
                ? Optional.empty()
                : Optional.of(Holder.waitingFor("the checkpoint is not written yet"
                        + writing.unwritable().map(why -> ": " + why.inWords()).orElse("")));
    }

    /** Opens a page of at most {@code asked} records; the room for them is taken at once. */
    public OpenPage open(List<String> key, int asked) {
        return open(ONLY_SEQUENCE, key, asked);
    }

    /**
     * The same of one of several sequences, each of which is settled in its own order: a page of one never waits for
     * those of another.
     *
     * @param sequence its name, for instance the name of a partition
     */
    public OpenPage open(String sequence, List<String> key, int asked) {
        return lock.changed(() -> window.open(this, sequence, key, asked));
    }

    /**
     * Waits until a page of {@code asked} records fits into the window, the pipeline has halted or {@link #wake()} is
     * called, but no longer than {@code patience}.
     *
     * @return whether there is room
     * @throws IllegalArgumentException if a page of {@code asked} records never fits
     */
    public boolean awaitRoom(int asked, Duration patience) throws InterruptedException {
        window.checkFits(asked);
        lock.change(() -> window.wantRoom(!window.hasRoom(asked)));
        writing.write();
        try {
            return lock.await(() -> window.hasRoom(asked), ending::isHalted, patience);
        } finally {
            lock.change(() -> window.wantRoom(false));
        }
    }

    /**
     * Whether a page of so many records fits into the window now. One that is full by its bytes takes as much room as one
     * that is full by its records, until it is settled.
     */
    public boolean hasRoom(int asked) {
        return lock.locked(() -> window.hasRoom(asked));
    }

    /** Waits until every page is passed, under the same conditions as {@link #awaitRoom}. */
    public boolean awaitSettled(Duration patience) throws InterruptedException {
        return lock.await(window::isPassed, ending::isHalted, patience);
    }

    /** Waits this long, or until the pipeline is stopping or halted; returns whether it still runs. */
    public boolean pause(Duration length) throws InterruptedException {
        return !lock.awaitEnd(this::isEnding, length);
    }

    /** Ends a wait early, so that a stop is never delayed by one. */
    public void wake() {
        lock.wake();
    }

    /** Records read, or asked for by a page that is being read, and not yet passed. */
    public long window() {
        return lock.locked(window::records);
    }

    /** Those of one sequence that are not settled up to the first of them. */
    public long window(String sequence) {
        return lock.locked(() -> window.records(sequence));
    }

    /**
     * Another process reads the open pages of a sequence again: nothing of them is settled any more, and batches that have
     * records of them are not sent again. What is on the wire arrives, and arrives there once more.
     */
    public void abandon(String sequence) {
        abandoned = true;
        lock.change(() -> tally.abandoned(window.abandon(sequence)));
    }

    /** Whether any page was ever abandoned; until then none needs to be looked at for that. */
    public boolean hasAbandoned() {
        return abandoned;
    }

    /**
     * Stops the pipeline for good: something happened after which reading on could lose a record. The first reason
     * stays; the checkpoint does not pass what was open.
     */
    public void halt(String reason) {
        ending.halt(reason);
    }

    /** The pipeline is stopping on purpose (or starts again): what is given up from now on is only read again later. */
    public void stopping(boolean stopping) {
        ending.stopping(stopping);
    }

    /** Records were given up unsettled: expected while stopping, otherwise a hole in the route, which halts it. */
    public void gaveUp(String what) {
        ending.gaveUp(what);
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
        boolean unused = lock.awaitEnd(() -> lease.isHeld() || isEnding(), FOR_EVER);
        return lease.isHeld();
    }

    /** Whether this process may act for the pipeline now; as {@link #awaitLease} without the wait. */
    public boolean holdsLease() {
        return settlement.lease().isHeld();
    }

    /** Whether records were given up, so that only reading again from the checkpoint brings them back. */
    public boolean hasGivenUp() {
        return ending.hasGivenUp();
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
    public Optional<String> refused() {
        return Optional.ofNullable(alarm.get());
    }

    /** Why the destination refuses the pipeline, or what its last audit found to be at fault; empty if all is well. */
    public Optional<String> alarmed() {
        return refused().or(() -> audited().filter(AuditResult::fault).map(found -> "an audit found: " + found.text()));
    }

    /** What the last audit found; empty if there was none. */
    public Optional<AuditResult> audited() {
        return Optional.ofNullable(audited.get());
    }

    /** An audit has found this, in this process or in another one. */
    public void audited(AuditResult found) {
        audited.set(found);
    }

    /**
     * Notes that the store does not take a dead letter.
     *
     * @return whether this is new, so that it is said once
     */
    public boolean unstored(String reason) {
        return unstored.getAndSet(reason) == null;
    }

    /** Notes that the store has taken a dead letter. */
    public void stored() {
        unstored.set(null);
    }

    /** Why the store does not take a dead letter; empty when it does. */
    public Optional<String> lastUnstored() {
        return Optional.ofNullable(unstored.get());
    }

    /** For how long the oldest page is open that is not passed; zero while nothing is in flight. */
    public Duration oldestAge() {
        return lock.locked(window::oldest)
                .page()
                .map(oldest -> Duration.ofNanos(System.nanoTime() - oldest.opened()))
                .orElse(Duration.ZERO);
    }

    /** How long ago something settled was written; if nothing was in this run, for how long it runs. */
    public Duration lastWriteAge() {
        return writing.lastAge();
    }

    /** Why what is settled could not be written when it was last tried; empty when it could. */
    public Optional<SettlementException> unwritable() {
        return writing.unwritable();
    }

    /** Why the pipeline was halted, empty while it runs. */
    public Optional<String> halted() {
        return ending.halted();
    }

    /** Registers what closes the incomplete batches of this pipeline at once; registering twice does nothing. */
    public void flushWith(Runnable flusher) {
        flushers.add(flusher);
    }

    /** What becomes of each row is kept from now on. */
    public void trace() {
        traced = true;
    }

    /** Whether what becomes of each row is kept, see {@link Traced}. */
    public boolean isTraced() {
        return traced;
    }

    /** No step needs a single record: those of a page travel in slices from now on. */
    public void together() {
        together = true;
    }

    /** Registers what tells how many more records the batch takes that is being collected, at least 1. */
    public void collectWith(IntSupplier room) {
        this.room = room;
    }

    /** Whether records travel in slices. */
    public boolean isTogether() {
        return together;
    }

    /** How many of the next records may travel as one: as many as their batch takes; one until that is known. */
    public int slice() {
        return room.getAsInt();
    }

    /** Closes all incomplete batches, so that neither the end of the source nor a full window makes them wait. */
    public void flush() {
        flushers.forEach(Runnable::run);
    }

    /** Writes what is settled and was not or could not be written before; to be called from time to time. */
    public void retryWrites() {
        writing.write();
    }

    /** Writes what is settled, now or right after the write that is under way: no other call follows. */
    public void writeNow() {
        writing.writeNow();
    }

    /**
     * The page's exchange has ended and its rows are known: room asked for in vain is given back.
     *
     * @return whether it counts; not if it was abandoned
     */
    boolean read(OpenPage page, int rows) {
        return lock.changed(() -> window.read(page, rows));
    }

    /** The page was not read, or was empty: it leaves no trace. */
    void discard(OpenPage page) {
        lock.change(() -> window.discard(page));
        writing.writeUnlessByReader();
    }

    /** The last hold of the page was released. */
    void settled(OpenPage page) {
        lock.change(() -> window.settled(page));
        writing.writeUnlessByReader();
    }

    /** Whether each record is settled by itself, so that it is to be named. */
    boolean settlesByRecord() {
        return window.settlesByRecord();
    }

    /** Records of a page are settled by themselves; written by the next {@link #writeRecords}. */
    void settledRecords(Collection<Cursor> keys, OpenPage page) {
        if (!keys.isEmpty()) {
            lock.change(() -> window.settled(keys, page.takeTrace()));
        }
    }

    /** Records have been settled: where each is settled by itself, all of them are written together now. */
    public void writeRecords() {
        if (settlesByRecord()) {
            writing.writeUnlessByReader();
        }
    }
}
