package dev.drover.batch;

import dev.drover.ledger.Close;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The batches that an aggregate still collects, by correlation key, with the time at which each began. Camel's
 * completionInterval would close young batches with the old ones, so their age is checked here. Thread-safe.
 */
final class OpenBatches {

    private final Map<String, Begun> byKey = new ConcurrentHashMap<>();

    private record Begun(Batch batch, long nanos) {}

    void begun(String key, Batch batch) {
        byKey.put(key, new Begun(batch, System.nanoTime()));
    }

    void closed(String key, Batch batch) {
        byKey.computeIfPresent(key, (any, begun) -> begun.batch == batch ? null : begun);
    }

    /** The number of records in them. */
    int records() {
        return byKey.values().stream().mapToInt(begun -> begun.batch.getSize()).sum();
    }

    /** The correlation keys of the batches that began at least {@code age} ago, which are closed for that reason. */
    List<String> olderThan(Duration age) {
        long now = System.nanoTime();
        return byKey.entrySet().stream()
                .filter(entry -> now - entry.getValue().nanos >= age.toNanos())
                .peek(entry -> entry.getValue().batch.closing(Close.AGE))
                .map(Map.Entry::getKey)
                .toList();
    }
}
