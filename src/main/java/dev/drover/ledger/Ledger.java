package dev.drover.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open pages of one pipeline, in the order in which they were read.
 *
 * <p>Records are settled in any order. The checkpoint is the acknowledged low watermark: it passes a page only after
 * every older page. The window, which is the records read and not yet passed, has at most {@code maxInFlight} records.
 *
 * <p>Thread-safe. One thread at a time writes to the settlement, without holding the lock, see {@link Writing}.
 */
public final class Ledger {

    private static final String ONLY_SEQUENCE = "";
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final LedgerLock lock = new LedgerLock();
    private final Collecting collecting = new Collecting();
    private final Tally tally = new Tally();
    private final Set<String> remembered = ConcurrentHashMap.newKeySet();
    private final Deliveries deliveries;
    private final Faults faults;
    private final Ledger main;
    private final String pipeline;
    private final Settlement settlement;
    private final Ending ending;
    private final Window window;
    private final Writing writing;
    private volatile boolean abandoned;
    private volatile boolean traced;

    /**
     * Creates a ledger without open pages.
     *
     * @param pipeline the name of the pipeline, for messages
     * @param settlement records settled pages
     * @param maxInFlight the largest window, in records, at least 1
     */
    public Ledger(String pipeline, Settlement settlement, int maxInFlight) {
        this(pipeline, settlement, maxInFlight, null);
    }

    private Ledger(String pipeline, Settlement settlement, int maxInFlight, @Nullable Ledger main) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("maxInFlight must be at least 1, not " + maxInFlight);
        }
        this.main = main == null ? this : main;
        this.pipeline = pipeline;
        this.settlement = settlement;
        this.deliveries = main == null ? new Deliveries() : main.deliveries;
        this.faults = main == null ? new Faults() : main.faults;
        this.ending = new Ending(lock, main == null ? null : main.ending);
        this.window = new Window(settlement, maxInFlight);
        this.writing = new Writing(lock, window, settlement, ending, tally);
        this.traced = main != null && main.traced;
    }

    /**
     * A ledger for at most {@code records} records that are delivered outside the pages of this pipeline. It shares the
     * lease of the pipeline and ends with it. Nothing records that its records are settled.
     */
    public Ledger beside(int records) {
        return new Ledger(pipeline, new Unrecorded(settlement), records, this);
    }

    /** The ledger that this one stands beside; this one if it stands alone. */
    public Ledger main() {
        return main;
    }

    public String pipeline() {
        return pipeline;
    }

    public Settlement settlement() {
        return settlement;
    }

    public Writing writing() {
        return writing;
    }

    public Ending ending() {
        return ending;
    }

    public Collecting collecting() {
        return collecting;
    }

    public Tally tally() {
        return tally;
    }

    public Deliveries deliveries() {
        return deliveries;
    }

    public Faults faults() {
        return faults;
    }

    /**
     * The keys, as {@link CursorJson}, of records that an earlier owner had sent and that were delivered again before this
     * owner reads them. There are at most as many as the window of that owner had.
     */
    public Set<String> remembered() {
        return remembered;
    }

    /** What holds the checkpoint; empty if nothing is in flight. */
    public Optional<Holder> holder() {
        Optional<String> storeFailure = faults.storeFailure();
        if (storeFailure.isPresent()) {
            return Optional.of(Holder.waitingFor("the store takes a dead letter: " + storeFailure.get()));
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

    /** Opens a page for at most {@code asked} records, and reserves room for them. */
    public OpenPage open(List<String> key, int asked) {
        return open(ONLY_SEQUENCE, key, asked);
    }

    /**
     * Opens a page of one of several sequences. Each sequence is settled in its own order, and none waits for another.
     *
     * @param sequence the name of the sequence, for instance of a partition
     */
    public OpenPage open(String sequence, List<String> key, int asked) {
        return lock.changed(() -> window.open(this, sequence, key, asked));
    }

    /**
     * Waits until a page of {@code asked} records fits into the window. The wait also ends when the pipeline halts, when
     * {@link #wake()} is called, and after {@code patience}.
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

    /** Whether a page of {@code asked} records fits into the window now. */
    public boolean hasRoom(int asked) {
        return lock.locked(() -> window.hasRoom(asked));
    }

    /** Waits until the checkpoint has passed every page, like {@link #awaitRoom}. */
    public boolean awaitSettled(Duration patience) throws InterruptedException {
        return lock.await(window::isPassed, ending::isHalted, patience);
    }

    /** Waits for {@code length}, or until the pipeline stops or halts. Returns whether it still runs. */
    public boolean pause(Duration length) throws InterruptedException {
        return !lock.awaitEnd(this::isEnding, length);
    }

    /** Ends a wait early, so that no wait delays a stop. */
    public void wake() {
        lock.wake();
    }

    /** The records of the window, including those that a page under way has asked for. */
    public long window() {
        return lock.locked(window::records);
    }

    /** The records of the open pages of one sequence. */
    public long window(String sequence) {
        return lock.locked(() -> window.records(sequence));
    }

    /**
     * Gives up the open pages of a sequence, because another process reads them again. They are never settled here, and
     * batches with their records are not sent again. A request that is already on its way arrives, so its records arrive
     * twice.
     */
    public void abandon(String sequence) {
        abandoned = true;
        lock.change(() -> tally.abandoned(window.abandon(sequence)));
    }

    /** Whether any page was ever abandoned. */
    public boolean hasAbandoned() {
        return abandoned;
    }

    /**
     * Stops the pipeline for good, because reading on could lose a record. Only the first reason is kept. The checkpoint
     * does not pass the open pages.
     */
    public void halt(String reason) {
        ending.halt(reason);
    }

    /** Why the pipeline has halted; empty while it runs. */
    public Optional<String> halted() {
        return ending.halted();
    }

    /** Whether the pipeline stops or has halted, so that no new work may begin. */
    public boolean isEnding() {
        return ending.isEnding();
    }

    /**
     * Waits until this process holds the lease of the pipeline. Call it before each page and each attempt. It returns at
     * once while the lease is held, and otherwise waits until the lease is renewed or the pipeline ends.
     *
     * @return whether the lease is held
     */
    public boolean awaitLease() throws InterruptedException {
        Lease lease = settlement.lease();
        if (lease.isHeld()) {
            return true;
        }
        boolean unused = lock.awaitEnd(() -> lease.isHeld() || isEnding(), FOR_EVER);
        return lease.isHeld();
    }

    /** Traces each row from now on. */
    public void trace() {
        traced = true;
    }

    /** Whether the end of each row is traced, see {@link Traced}. */
    public boolean isTraced() {
        return traced;
    }

    /** The age of the oldest open page; zero if nothing is in flight. */
    public Duration oldestAge() {
        return lock.locked(window::oldest)
                .page()
                .map(oldest -> Duration.ofNanos(System.nanoTime() - oldest.opened))
                .orElse(Duration.ZERO);
    }
}
