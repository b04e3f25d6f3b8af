package dev.drover.ledger;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What one pipeline has done since it started. Thread-safe; figures may lag each other by what is under way. */
public final class Tally {

    private final LongAdder pages = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder endedInPlace = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder deadLettered = new LongAdder();
    private final Map<Integer, LongAdder> batchesBySize = new ConcurrentSkipListMap<>();
    private final AtomicReference<@Nullable SettlementException> settlementFailure = new AtomicReference<>();

    void pageRead(int read) {
        pages.increment();
        rows.add(read);
    }

    void endedInPlace(int records) {
        endedInPlace.add(records);
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

    public void batchClosed(int records) {
        batchesBySize.computeIfAbsent(records, size -> new LongAdder()).increment();
    }

    /** Pages with at least one row. */
    public long pages() {
        return pages.sum();
    }

    /** Rows read. */
    public long rows() {
        return rows.sum();
    }

    /** Records that ended inside the split: filtered out on purpose, or delivered one by one. */
    public long endedInPlace() {
        return endedInPlace.sum();
    }

    public long delivered() {
        return delivered.sum();
    }

    public long deadLetters() {
        return deadLettered.sum();
    }

    /** Records that are done with: delivered, filtered out on purpose, or set aside. */
    public long settled() {
        return delivered() + endedInPlace() + deadLetters();
    }

    /** How many batches were closed with how many records, smallest first. */
    public Map<Integer, LongAdder> batchesBySize() {
        return batchesBySize;
    }

    /** The last settlement that could not be written, once; empty if none since the last call. */
    public Optional<SettlementException> takeSettlementFailure() {
        return Optional.ofNullable(settlementFailure.getAndSet(null));
    }
}
