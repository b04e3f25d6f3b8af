package dev.drover.ledger;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one pipeline has done since it started. Thread-safe; figures may lag each other by what is under way. */
public final class Tally {

    private final LongAdder pages = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder filtered = new LongAdder();
    private volatile Predicate<String> questions = place -> false;
    private final LongAdder delivered = new LongAdder();
    private final LongAdder deadLettered = new LongAdder();
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

    /** Records ended in the route without an outcome step; whether a step has delivered them. */
    void endedInRoute(int records, boolean sent) {
        (sent ? delivered : filtered).add(records);
    }

    /**
     * Which steps that send a single record only ask something.
     *
     * @param asks whether the step at this place does
     */
    public void questions(Predicate<String> asks) {
        questions = asks;
    }

    /** Whether the step at this place only asks something when it sends a single record. */
    boolean isQuestion(String place) {
        return questions.test(place);
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

    public void batchClosed(int records, Close why) {
        batchesBySize.computeIfAbsent(records, size -> new LongAdder()).increment();
        batchesByClose.computeIfAbsent(why, any -> new LongAdder()).increment();
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

    /** Records that ended in the route and were sent nowhere: filtered out on purpose, or by a mistake in a condition. */
    public long filtered() {
        return filtered.sum();
    }

    /** Records that were accepted, in batches or one by one. */
    public long delivered() {
        return delivered.sum();
    }

    public long deadLetters() {
        return deadLettered.sum();
    }

    /** Records read that another process reads again, whatever was made of them: no more than these can arrive twice. */
    public long abandoned() {
        return abandoned.sum();
    }

    /** Records that are done with: delivered, filtered out on purpose, or set aside. */
    public long settled() {
        return delivered() + filtered() + deadLetters();
    }

    /** How many batches were closed with how many records, smallest first. */
    public Map<Integer, LongAdder> batchesBySize() {
        return batchesBySize;
    }

    /** How many batches were closed for this reason. */
    public long batches(Close why) {
        LongAdder closed = batchesByClose.get(why);
        return closed == null ? 0 : closed.sum();
    }

    /** How many records were in the batches that were closed. */
    public long batched() {
        return batchesBySize.entrySet().stream()
                .mapToLong(size -> size.getKey() * size.getValue().sum())
                .sum();
    }

    /** How often the source was asked for a page. */
    public long sourceAnswers() {
        return sourceAnswers.sum();
    }

    /** How long the source was waited for in all, in nanoseconds. */
    public long sourceNanos() {
        return sourceNanos.sum();
    }

    /** The last settlement that could not be written, once; empty if none since the last call. */
    public Optional<SettlementException> takeSettlementFailure() {
        return Optional.ofNullable(settlementFailure.getAndSet(null));
    }
}
