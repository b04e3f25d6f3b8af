package dev.drover.ledger;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a pipeline has done since it started. Thread-safe. Figures that are read at the same time may differ by the
 * records under way.
 */
public final class Tally {

    private final LongAdder pages = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder filtered = new LongAdder();
    private volatile Predicate<String> questions = step -> false;
    private final LongAdder delivered = new LongAdder();
    private final LongAdder deadLettered = new LongAdder();
    private final LongAdder parked = new LongAdder();
    private volatile long parkedBefore;
    private final LongAdder abandoned = new LongAdder();
    private final Map<Integer, LongAdder> batchesBySize = new ConcurrentSkipListMap<>();
    private final Map<Close, LongAdder> batchesByClose = new ConcurrentHashMap<>();
    private final LongAdder sourceAnswers = new LongAdder();
    private final LongAdder sourceNanos = new LongAdder();
    private final AtomicReference<@Nullable SettlementException> settlementFailure = new AtomicReference<>();

    void pageRead(int read) {
        pages.increment();
        rows.add(read);
    }

    /**
     * Counts records that ended in the route without a batch.
     *
     * @param sent whether a step has delivered them
     */
    void endedInRoute(int records, boolean sent) {
        (sent ? delivered : filtered).add(records);
    }

    /** Sets which steps only ask for something when they send a single record, by file and line. */
    public void questions(Predicate<String> steps) {
        questions = steps;
    }

    /** Whether this step only asks for something when it sends a single record, and so delivers nothing. */
    boolean isQuestion(String step) {
        return questions.test(step);
    }

    void abandoned(int records) {
        abandoned.add(records);
    }

    void settlementFailed(SettlementException failure) {
        settlementFailure.set(failure);
    }

    public void deadLettered(int records) {
        deadLettered.add(records);
    }

    public void delivered(int records) {
        delivered.add(records);
    }

    /** Counts records that are parked now. */
    public void parked(int records) {
        parked.add(records);
    }

    /** Counts parked records that were accepted or became dead letters. */
    public void unparked(int accepted, int refused) {
        parked.add(-accepted - refused);
        delivered.add(accepted);
        deadLettered.add(refused);
    }

    /** Sets how many records are parked now, as the store tells. */
    public void parkedInStore(long records) {
        parkedBefore = records - parked.sum();
    }

    public void batchClosed(int records, Close reason) {
        batchesBySize.computeIfAbsent(records, size -> new LongAdder()).increment();
        batchesByClose.computeIfAbsent(reason, any -> new LongAdder()).increment();
    }

    void sourceAnswered(long nanos) {
        sourceAnswers.increment();
        sourceNanos.add(nanos);
    }

    /** Pages with at least one row. */
    public long pages() {
        return pages.sum();
    }

    /** Rows read. */
    public long rows() {
        return rows.sum();
    }

    /** Records that ended in the route and were sent nowhere. */
    public long filtered() {
        return filtered.sum();
    }

    /** Records that a destination accepted, in batches or one by one. */
    public long delivered() {
        return delivered.sum();
    }

    public long deadLetters() {
        return deadLettered.sum();
    }

    /** Records that are parked now, by this process or an earlier one. */
    public long parked() {
        return parkedBefore + parked.sum();
    }

    /** Records that another process reads again. At most these arrive twice. */
    public long abandoned() {
        return abandoned.sum();
    }

    /** Records that were delivered, filtered out, parked or dead-lettered. */
    public long settled() {
        return delivered() + filtered() + deadLetters() + parked.sum();
    }

    /** The number of closed batches by their number of records, smallest batch first. */
    public Map<Integer, LongAdder> batchesBySize() {
        return batchesBySize;
    }

    /** The number of batches that were closed for this reason. */
    public long batches(Close reason) {
        LongAdder closed = batchesByClose.get(reason);
        return closed == null ? 0 : closed.sum();
    }

    /** The number of records in all closed batches. */
    public long batched() {
        return batchesBySize.entrySet().stream()
                .mapToLong(size -> size.getKey() * size.getValue().sum())
                .sum();
    }

    /** The number of pages that the source was asked for. */
    public long sourceAnswers() {
        return sourceAnswers.sum();
    }

    /** The total time that the source took to answer, in nanoseconds. */
    public long sourceNanos() {
        return sourceNanos.sum();
    }

    /** Returns the last failed write of a settlement and forgets it; empty if none failed since the last call. */
    public Optional<SettlementException> takeSettlementFailure() {
        return Optional.ofNullable(settlementFailure.getAndSet(null));
    }
}
