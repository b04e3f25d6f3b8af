package dev.drover.deadletter;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.Lease;
import dev.drover.ledger.Ledger;
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
import org.jspecify.annotations.Nullable;

/**
 * Some dead letters of one pipeline that are sent again together, with a ledger of their own. Each is removed as soon as
 * it is delivered; one that is refused again stays unchanged. Thread-safe.
 */
final class ReplayChunk implements Settlement {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final DeadLetterStore store;
    private final ReplayClaim claim;
    private final List<Letter> letters;
    private final long run;
    private final Map<Cursor, List<Letter>> lettersByRow = new ConcurrentHashMap<>();
    private final Ledger ledger;

    /** What the row of a dead letter turned out to be. */
    enum Row {
        /** It was sent, or nothing is known of it. */
        SENT,
        /** A step filtered it out. */
        FILTERED,
        /** It is not there any more. */
        GONE,
        /** It cannot be read again; the reason is counted. */
        UNREADABLE
    }

    /** A dead letter that is sent again, and what has become of it. */
    static final class Letter {

        final DeadLetter stored;
        volatile Row row = Row.SENT;

        /** The dead-letter route has it again: it stays, whatever else becomes of its row. */
        volatile boolean refusedAgain;

        /** It is no longer in the store. */
        volatile boolean removed;

        private Letter(DeadLetter stored) {
            this.stored = stored;
        }
    }

    /**
     * The letters of one pipeline that this claim has.
     *
     * @param run the number of the run that their batches get
     */
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

    /** The row of this key stands for these of the letters; to be called before any step sees the row. */
    void expect(Cursor row, List<Letter> some) {
        lettersByRow.put(row, some);
    }

    /**
     * The row of this key is refused again.
     *
     * @param destination that refuses it; null if it failed before that
     * @return the dead letter that it is already
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
     * Keeps other replays away from them; to be called well before the claim ends.
     *
     * @throws SettlementException if the store cannot be used now; nothing is sent when the claim has ended
     */
    void renew() {
        claim.renew();
        if (claim.lease().isLost()) {
            ledger.halt("another replay sends these dead letters, or they are gone");
        }
    }

    /** Waits until all that was sent is settled; or something was given up, and all else has ended. */
    void awaitSettled() throws InterruptedException {
        while (!ledger.awaitSettled(PATIENCE)) {
            ledger.retryWrites();
            boolean givenUp = ledger.hasGivenUp() || ledger.halted().isPresent();
            if (givenUp && ledger.deliveries().awaitEmpty(PATIENCE)) {
                return;
            }
        }
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
        return claim.lease();
    }

    @Override
    public void settle(List<SettledPage> pages) {
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
