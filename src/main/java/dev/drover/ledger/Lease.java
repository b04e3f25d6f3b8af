package dev.drover.ledger;

import java.time.Duration;

/**
 * The right of an owner to act for some time after the store last granted it. The time is measured by the owner's
 * clocks from before the request, and it is shorter than the granted time. So the owner stops before another one may
 * begin. Thread-safe.
 */
public final class Lease {

    /** A lease that never ends, for a pipeline that no other process can own. */
    public static final Lease ENDLESS = new Lease(Duration.ofDays(365_000), () -> {});

    private static final int MARGIN = 10;

    private final Duration usable;
    private final Runnable check;
    private volatile Moment since;
    private volatile boolean lost;

    /** A moment by two clocks: one stops while the machine sleeps, the other can be set. */
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

    /** A request to the store, with its time. */
    public final class Request {

        private Request() {}

        private final Moment asked = Moment.now();

        /** Says that the store has granted the lease. */
        public void granted() {
            since = asked;
        }
    }

    private Lease(Duration length, Runnable check) {
        this.check = check;
        usable = length.minus(length.dividedBy(MARGIN));
        since = Moment.now();
    }

    /**
     * A lease that is about to be requested.
     *
     * @param length the time that the store grants; the last tenth is not used
     */
    public static Lease of(Duration length) {
        return new Lease(length, () -> {});
    }

    /**
     * A lease that may be granted unnoticed.
     *
     * @param length the time that is granted; the last tenth is not used
     * @param check called when the lease is asked for and has ended; notices whether it was granted again
     */
    public static Lease of(Duration length, Runnable check) {
        return new Lease(length, check);
    }

    /** To be created before the store is asked, so that the lease is never assumed to last longer than it does. */
    public Request request() {
        return new Request();
    }

    /** Says that another owner has the lease, or that it was given back. It is never held again. */
    public void lose() {
        lost = true;
    }

    /** Whether this owner may act now, because no other owner can. */
    public boolean isHeld() {
        if (!lost && !lasts()) {
            check.run();
        }
        return !lost && lasts();
    }

    /** Whether the granted time has not ended, as far as is known. */
    public boolean lasts() {
        return since.ago().compareTo(usable) < 0;
    }

    /** Whether it cannot be held again. */
    public boolean isLost() {
        return lost;
    }
}
