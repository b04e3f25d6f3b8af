package dev.drover.deadletter;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.Lease;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.Reread;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import dev.drover.store.DeadLetter;
import dev.drover.store.DeadLetterStore;
import dev.drover.store.ReplayClaim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of one pipeline that are sent again together, with their own ledger. A delivered one is removed at once; a
 * refused one stays unchanged. Thread-safe.
 */
final class ReplayChunk implements Settlement {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final DeadLetterStore store;
    private final ReplayClaim claim;
    private final List<Letter> letters;
    private final long run;
    private final Map<Cursor, List<Letter>> lettersByRow = new ConcurrentHashMap<>();
    private final Ledger ledger;

    /** A dead letter that is sent again, and its state. */
    static final class Letter {

        final DeadLetter stored;

        /** What became of its row, as far as it is known; null if it cannot be read again, for a reason that was counted. */
        volatile Reread.@Nullable Result row = Reread.Result.ON_ITS_WAY;

        /** The dead-letter route received it again: it stays. */
        volatile boolean refusedAgain;

        /** It was removed from the store. */
        volatile boolean removed;

        private Letter(DeadLetter stored) {
            this.stored = stored;
        }
    }

    /** @param run the run number of the batches */
    ReplayChunk(DeadLetterStore store, ReplayClaim claim, List<DeadLetter> letters, long run) {
        this.store = store;
        this.claim = claim;
        this.letters = letters.stream().map(Letter::new).toList();
        this.run = run;
        this.ledger = new Ledger(letters.get(0).pipeline(), this, letters.size());
    }

    /** The dead letters of this ledger; empty if it is the ledger of a pipeline. */
    static Optional<ReplayChunk> of(Ledger ledger) {
        return ledger.settlement() instanceof ReplayChunk chunk ? Optional.of(chunk) : Optional.empty();
    }

    List<Letter> letters() {
        return letters;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Maps the key of a row to its dead letters. Must be called before any step sees the row. */
    void expect(Cursor row, List<Letter> some) {
        lettersByRow.put(row, some);
    }

    /**
     * The row of this key is refused again.
     *
     * @param destination the destination that refused it; null if it failed before delivery
     * @return its existing dead letter
     */
    DeadLetter refuseAgain(Cursor row, @Nullable String destination) {
        List<Letter> some = lettersByRow.getOrDefault(row, List.of());
        Letter refused = some.stream()
                .filter(each -> destination != null && destination.equals(each.stored.destination()))
                .findFirst()
                .or(() -> some.stream().findFirst())
                .orElseThrow(() -> new IllegalStateException("a replay refuses a record that it did not send"));
        refused.refusedAgain = true;
        return refused.stored;
    }

    /**
     * Renews the claim. Must be called well before it expires.
     *
     * @throws SettlementException if the store cannot be used now; nothing is sent after the claim has expired
     */
    void renew() {
        claim.renew();
        if (claim.lease().isLost()) {
            ledger.halt("another replay sends these dead letters, or they were deleted");
        }
    }

    /** Waits until all records are settled, or one was given up and the others have ended. */
    void awaitSettled() throws InterruptedException {
        while (!ledger.awaitSettled(PATIENCE)) {
            ledger.writing().write();
            boolean givenUp = ledger.ending().hasGivenUp() || ledger.halted().isPresent();
            if (givenUp && ledger.deliveries().awaitEmpty(PATIENCE)) {
                return;
            }
        }
    }

    /** The keys of the rows whose dead letters are sent under these keys. */
    private List<Cursor> rows(List<Cursor> keys) {
        return keys.stream()
                .flatMap(key ->
                        lettersByRow.getOrDefault(key, List.of()).stream().limit(1))
                .flatMap(letter -> Stream.ofNullable(letter.stored.cursor()))
                .map(CursorJson::read)
                .toList();
    }

    @Override
    public boolean inOrder() {
        return false;
    }

    @Override
    public long run() {
        return run;
    }

    /** Prevents attempts after the claim has expired, because another replay may be sending the same dead letters. */
    @Override
    public Lease lease() {
        return claim.lease();
    }

    @Override
    public void settle(List<SettledPage> pages) {
        store.trace(
                ledger.pipeline(),
                pages.stream()
                        .flatMap(page -> page.trace().stream())
                        .map(traced -> traced.replayed(rows(traced.keys())))
                        .toList());
        for (SettledPage page : pages) {
            for (Letter letter : lettersByRow.getOrDefault(page.last(), List.of())) {
                if (!letter.refusedAgain) {
                    store.delete(letter.stored.id());
                    letter.removed = true;
                }
            }
        }
    }
}
