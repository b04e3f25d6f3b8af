package dev.drover.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

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

    /** Which of them holds this page; looks through them all, so not to be asked for every record. */
    Optional<Holder> holderOf(OpenPage page) {
        return underWay.stream().flatMap(delivery -> held(delivery, page)).findFirst();
    }

    private static Stream<Holder> held(Delivery delivery, OpenPage page) {
        return delivery.holds(page).stream().map(key -> Holder.of(delivery, key));
    }
}
