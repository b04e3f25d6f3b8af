package dev.drover.ledger;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The batches of one pipeline that are closed and have not ended. Costs one entry per batch. Thread-safe. */
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

    /** Those that are under way now. */
    public List<Delivery> all() {
        return List.copyOf(underWay);
    }

    public boolean isEmpty() {
        return underWay.isEmpty();
    }

    /** Waits until none is under way, but no longer than {@code patience}; returns whether none is. */
    public boolean awaitEmpty(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(TICK_MILLIS);
        }
        return isEmpty();
    }

    /** The first of them that holds this page; looks through them all, so not to be asked for every record. */
    Optional<Holder> holderOf(OpenPage page) {
        return underWay.stream()
                .filter(delivery -> delivery.holds(page).isPresent())
                .min(Comparator.comparingLong(Delivery::firstUnsettledPlace))
                .flatMap(delivery -> delivery.holds(page).map(key -> Holder.of(delivery, key)));
    }
}
