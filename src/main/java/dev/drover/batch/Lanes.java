package dev.drover.batch;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The last batch of each lane that has not ended. The batches of one correlation key form a lane, in which each batch
 * follows the one before it. Called under the lock of the aggregate, because their order is certain only there: batches
 * are submitted outside it. A lane without a batch under way has no entry.
 */
final class Lanes {

    private final Map<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    Batch follow(String lane, Function<CompletableFuture<Void>, Batch> make) {
        Batch batch = make.apply(last.getOrDefault(lane, CompletableFuture.completedFuture(null)));
        CompletableFuture<Void> ended = batch.ended();
        last.put(lane, ended);
        CompletableFuture<Void> unused = ended.whenComplete((nothing, givenUp) -> last.remove(lane, ended));
        return batch;
    }
}
