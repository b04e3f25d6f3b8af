package dev.drover.deadletter;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.Lease;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import dev.drover.store.DeadLetter;
import dev.drover.store.DeadLetterStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters that are sent again, by their rows in the ledger of the replay, and how they are settled: a
 * delivered one is removed, a refused one stays unchanged. Thread-safe.
 */
final class Replayed implements Settlement {

    private final DeadLetterStore store;
    private final Lease lease;
    private final long run;
    private final Map<Cursor, List<ReplayedLetter>> lettersByRow = new ConcurrentHashMap<>();

    /**
     * A replay without letters yet.
     *
     * @param lease without which no attempt goes out
     * @param run the number of the run that the batches get
     */
    Replayed(DeadLetterStore store, Lease lease, long run) {
        this.store = store;
        this.lease = lease;
        this.run = run;
    }

    /** The dead letters of this ledger; empty if it is the ledger of a pipeline. */
    static Optional<Replayed> of(Ledger ledger) {
        return ledger.settlement() instanceof Replayed replayed ? Optional.of(replayed) : Optional.empty();
    }

    /** The row of this key stands for these; to be called before any step sees the row. */
    void expect(Cursor row, List<ReplayedLetter> letters) {
        lettersByRow.put(row, letters);
    }

    /**
     * The row of this key is refused again.
     *
     * @param destination that refuses it; null if it failed before that
     * @return the dead letter that it is already
     */
    DeadLetter refuseAgain(Cursor row, @Nullable String destination) {
        List<ReplayedLetter> letters = lettersByRow.getOrDefault(row, List.of());
        ReplayedLetter refused = letters.stream()
                .filter(each ->
                        destination != null && destination.equals(each.letter().destination()))
                .findFirst()
                .or(() -> letters.stream().findFirst())
                .orElseThrow(() -> new IllegalStateException("a replay refuses a record that it did not send"));
        refused.refuseAgain();
        return refused.letter();
    }

    @Override
    public boolean inOrder() {
        return false;
    }

    @Override
    public long run() {
        return run;
    }

    /** No attempt goes out when another replay may have begun to send them. */
    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public void settle(List<SettledPage> pages) {
        try {
            for (SettledPage page : pages) {
                lettersByRow.getOrDefault(page.last(), List.of()).forEach(this::settle);
            }
        } catch (SettlementException e) {
            throw new SettlementException("delivered dead letters cannot be removed now", e);
        }
    }

    private void settle(ReplayedLetter letter) {
        if (!letter.isRefusedAgain()) {
            store.delete(letter.letter().id());
            letter.remove();
        }
    }
}
