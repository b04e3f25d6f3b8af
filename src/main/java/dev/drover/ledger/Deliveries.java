package dev.drover.ledger;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The closed batches of a pipeline whose delivery has not ended. Thread-safe. */
public final class Deliveries {

    private static final long TICK_MILLIS = 10;

    private final Set<Delivery> underWay = ConcurrentHashMap.newKeySet();

    public void begin(Delivery delivery) {
        underWay.add(delivery);
    }

    public void end(Delivery delivery) {
        underWay.remove(delivery);
    }

    public int size() {
        return underWay.size();
    }

    /** The deliveries under way now. */
    public List<Delivery> all() {
        return List.copyOf(underWay);
    }

    public boolean isEmpty() {
        return underWay.isEmpty();
    }

    /** Waits until no delivery is under way, for at most {@code patience}. Returns whether none is. */
    public boolean awaitEmpty(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(TICK_MILLIS);
        }
        return isEmpty();
    }

    /** The delivery with the lowest place that holds this page. Looks at all deliveries, so do not call it per record. */
    Optional<Holder> holderOf(OpenPage page) {
        return underWay.stream()
                .filter(delivery -> delivery.holds(page).isPresent())
                .min(Comparator.comparingLong(Delivery::firstUnsettledPlace))
                .flatMap(delivery -> delivery.holds(page).map(key -> Holder.of(delivery, key)));
    }
}
