package dev.drover.batch;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The last batch of each lane that has not ended yet. A lane is what one correlation key collects; each batch follows
 * the one before it in the same lane. Called under the aggregator's lock, the only place where the order of batches is
 * certain: they are submitted outside it. Holds no lane that has nothing under way.
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
