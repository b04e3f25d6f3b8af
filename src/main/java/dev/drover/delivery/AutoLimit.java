package dev.drover.delivery;

/**
 * Finds how many attempts a service takes at the same time, by additive increase and multiplicative decrease. The limit
 * grows while all of it is used and the service answers about as fast as usual. It shrinks when the service refuses for
 * its load, or becomes more than twice as slow. A refused limit is tried again only after hundreds of answers, so that
 * the search costs few refusals. Durations are compared among batches of about the same size. Not thread-safe.
 */
final class AutoLimit {

    private static final double FIRST = 4;
    private static final double SLOW = 2;

    /** The fewest answers by which a limit is judged. */
    private static final int FEWEST = 20;

    /** How many answers must come before a refused limit is tried again: at first, and at most. */
    private static final int SHORTEST_PATIENCE = 200;

    private static final int LONGEST_PATIENCE = 3200;

    private final Usual usual = new Usual();
    private double limit = FIRST;

    /** The factor of the next growth; 1 for an increase by one. */
    private double growth = 1.5;

    private boolean grewLast = true;

    /** The limit that was refused last, and how many answers came since then. */
    private double refused = Double.MAX_VALUE;

    private int answers;
    private int patience = SHORTEST_PATIENCE;

    /** The attempts that began with the present limit: since when, how many, how many with all of it, how slow. */
    private long since;

    private int judged;
    private int full;
    private double slowness;

    /** The slowness that the last change was to end; 0 if the last change had another reason. */
    private double slownessToEnd;

    /** All times are in nanoseconds. */
    AutoLimit(long now) {
        since = now;
    }

    int limit() {
        return (int) limit;
    }

    /** An attempt was accepted, or refused for what was in it; {@code allUsed} says whether it left no room for others. */
    void answered(int records, long began, long now, boolean allUsed) {
        answers++;
        if (began - since < 0) {
            return;
        }
        slowness += usual.slowness(records, (double) Math.max(1, now - began));
        full += allUsed ? 1 : 0;
        judged++;
        if (judged >= Math.max(FEWEST, 2 * limit())) {
            judge(now);
        }
    }

    /** An attempt was refused for the load, or was not answered in time. */
    void overloaded(long began, long now) {
        if (began - since < 0) {
            return; // the limit has changed since then
        }
        patience = limit >= refused ? Math.min(2 * patience, LONGEST_PATIENCE) : patience;
        refused = limit;
        answers = 0;
        growth = 1;
        change(grewLast ? limit - 1 : limit / 2, now);
        grewLast = false;
    }

    private void judge(long now) {
        double mean = slowness / judged;
        boolean used = 2 * full >= judged;
        if (limit >= refused) {
            refused = Double.MAX_VALUE; // it was tried again, and taken
            patience = SHORTEST_PATIENCE;
        }
        if (mean > SLOW && (slownessToEnd == 0 || mean < 0.95 * slownessToEnd)) {
            growth = 1;
            grewLast = false;
            change(limit * 0.9, now);
            slownessToEnd = mean;
            return;
        }
        if (mean > SLOW || mean < 1) {
            usual.is(mean); // fewer attempts did not make it faster: it is slower by itself
        }
        boolean mayGrow = limit + 1 < refused || answers >= patience;
        grewLast = used && mayGrow;
        change(grewLast ? Math.floor(growth == 1 ? limit + 1 : limit * growth) : limit, now);
    }

    private void change(double next, long now) {
        limit = Math.max(1, next);
        since = now;
        judged = 0;
        full = 0;
        slowness = 0;
        slownessToEnd = 0;
    }

    /** How long attempts usually take, by the size of the batch: 1 record, 2 or 3, 4 to 7, and so on. */
    private static final class Usual {

        private final double[] nanos = new double[Integer.SIZE];
        private final int[] known = new int[Integer.SIZE];

        /** How many times the usual time this is. The first attempts of a size say what is usual. */
        double slowness(int records, double took) {
            int size = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, records));
            if (known[size] < FEWEST) {
                known[size]++;
                nanos[size] += (took - nanos[size]) / known[size];
            }
            return took / nanos[size];
        }

        void is(double slowness) {
            for (int size = 0; size < nanos.length; size++) {
                nanos[size] *= slowness;
            }
        }
    }
}
