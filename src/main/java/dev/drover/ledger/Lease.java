package dev.drover.ledger;

import java.time.Duration;

/**
 * The right of an owner to act, as he may believe in it without asking: for some time after the store last confirmed
 * it. Measured by the owner's own clocks from before he asked, and shorter than what the store granted, so that he
 * stops before another one may begin. Thread-safe.
 */
public final class Lease {

    /** Of what no other process can own: it never ends. */
    public static final Lease ENDLESS = new Lease(Duration.ofDays(365_000));

    private static final int MARGIN = 10;

    private final Duration usable;
    private volatile Moment since;
    private volatile boolean lost;

    /** A moment by both clocks: the one stands still while a machine sleeps, the other can be set. */
    private record Moment(long nanos, long millis) {

        static Moment now() {
            return new Moment(System.nanoTime(), System.currentTimeMillis());
        }

        Duration ago() {
            Moment now = now();
            Duration steady = Duration.ofNanos(now.nanos - nanos);
            Duration wall = Duration.ofMillis(now.millis - millis);
            return steady.compareTo(wall) > 0 ? steady : wall;
        }
    }

    /** A question to the store, of which it is known when it was asked. */
    public final class Request {

        private Request() {}

        private final Moment asked = Moment.now();

        /** The store has granted it. */
        public void granted() {
            since = asked;
        }
    }

    private Lease(Duration length) {
        usable = length.minus(length.dividedBy(MARGIN));
        since = Moment.now();
    }

    /**
     * A lease that is about to be asked for.
     *
     * @param length for how long the store grants it each time; the last tenth of it is not used
     */
    public static Lease of(Duration length) {
        return new Lease(length);
    }

    /** To be made before the store is asked, so that the lease is never believed to last longer than it does. */
    public Request request() {
        return new Request();
    }

    /** Another owner is there, or it was given back: it is never held again. */
    public void lose() {
        lost = true;
    }

    /** Whether no other owner can act now. */
    public boolean isHeld() {
        return !lost && since.ago().compareTo(usable) < 0;
    }

    /** Whether it cannot be held again. */
    public boolean isLost() {
        return lost;
    }
}
