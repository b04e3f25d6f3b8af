package dev.drover.console;

import dev.drover.delivery.Attempted;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What became of the attempts at one destination. Thread-safe; figures may lag each other by what is under way. */
final class DestinationMeter {

    private static final int DOWN_AFTER = 3;

    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicInteger failedInRow = new AtomicInteger();
    private final Latencies latencies = new Latencies();
    private volatile String reason = "";

    void ended(Attempted attempt) {
        latencies.add(attempt.took());
        switch (attempt.outcome()) {
            case "accepted" -> {
                accepted.increment();
                failedInRow.set(0);
            }
            case "refused", "too_large" -> {
                refused.increment();
                failedInRow.set(0);
            }
            default -> {
                failed.increment();
                reason = attempt.status() > 0 ? "status " + attempt.status() : String.valueOf(attempt.failure());
                failedInRow.incrementAndGet();
            }
        }
    }

    /** Since the process started. */
    Destination destination(String address) {
        int inRow = failedInRow.get();
        Health health = inRow == 0 ? Health.OK : inRow < DOWN_AFTER ? Health.WARNING : Health.BAD;
        return new Destination(
                address,
                health,
                inRow == 0 ? "accepts" : inRow < DOWN_AFTER ? "fails" : "down",
                inRow == 0 ? "" : reason,
                accepted.sum(),
                refused.sum(),
                failed.sum());
    }

    Latencies latencies() {
        return latencies;
    }

    /**
     * How a destination is.
     *
     * @param address scheme, host and port
     * @param health for the colour
     * @param word for those who do not see the colour
     * @param reason why the last attempt failed; empty if it did not
     * @param accepted attempts that were answered with success
     * @param refused attempts that were refused for what was in them
     * @param failed attempts that were not answered, or only that nothing is accepted now
     */
    record Destination(
            String address, Health health, String word, String reason, long accepted, long refused, long failed) {}
}
