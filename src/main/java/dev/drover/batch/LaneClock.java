package dev.drover.batch;

/**
 * The time in which a batch of a lane was tried. It stands still while the next batch of the lane waits for a thread, so it
 * is not longer for a lane only because other lanes have much to do. Thread-safe.
 */
final class LaneClock {

    private long ticked;
    private long since;

    /** Batches under way. It can be 2 for a moment: the next batch may begin before the end of the last one is noted. */
    private int running;

    synchronized void start() {
        if (running++ == 0) {
            since = System.nanoTime();
        }
    }

    synchronized void stop() {
        ticked = nanos();
        since = System.nanoTime();
        running--;
    }

    synchronized long nanos() {
        return running > 0 ? ticked + System.nanoTime() - since : ticked;
    }
}
