package dev.drover.batch;

import dev.drover.ledger.Ledger;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last batch of each lane that has not ended. The batches of one correlation key form a lane, in which each batch
 * follows the one before it. Called under the lock of the aggregate, because their order is certain only there: batches
 * are submitted outside it. A lane without a batch under way has no entry.
 */
final class Lanes {

    private static final CompletableFuture<Void> NONE = CompletableFuture.completedFuture(null);

    private final Map<String, Last> last = new ConcurrentHashMap<>();

    private record Last(CompletableFuture<Void> ended, LaneClock clock) {}

    /** A batch that follows the last one of its lane. */
    Batch follow(String lane, Ledger ledger) {
        Last before = last.getOrDefault(lane, new Last(NONE, new LaneClock()));
        Batch batch = new Batch(ledger, new Attempts(lane, before.clock()), before.ended());
        // a batch that fails before it is sent may end before its turn, and does not let others pass for that
        Last now = new Last(CompletableFuture.allOf(batch.ended(), before.ended()), before.clock());
        last.put(lane, now);
        CompletableFuture<Void> unused = now.ended().whenComplete((nothing, givenUp) -> {
            batch.attempts().end();
            last.remove(lane, now);
        });
        return batch;
    }
}
