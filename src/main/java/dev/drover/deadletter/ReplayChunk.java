package dev.drover.deadletter;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.SettlementException;
import dev.drover.store.DeadLetter;
import dev.drover.store.DeadLetterStore;
import dev.drover.store.ReplayClaim;
import java.time.Duration;
import java.util.List;

/**
 * Some dead letters of one pipeline that are sent again together. They have a ledger of their own, and each is removed
 * as soon as it is settled.
 */
final class ReplayChunk {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ReplayClaim claim;
    private final List<ReplayedLetter> letters;
    private final Replayed replayed;
    private final Ledger ledger;

    /**
     * The letters of one pipeline that this claim has.
     *
     * @param run the number of the run that their batches get
     */
    ReplayChunk(DeadLetterStore store, ReplayClaim claim, List<DeadLetter> letters, long run) {
        this.claim = claim;
        this.letters = letters.stream().map(ReplayedLetter::new).toList();
        replayed = new Replayed(store, claim.lease(), run);
        ledger = new Ledger(letters.get(0).pipeline(), replayed, letters.size());
    }

    List<ReplayedLetter> letters() {
        return letters;
    }

    Ledger ledger() {
        return ledger;
    }

    /** The row of this key stands for these of the letters; to be called before any step sees the row. */
    void expect(Cursor row, List<ReplayedLetter> some) {
        replayed.expect(row, some);
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
}
