package dev.drover.ledger;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The only lock of a ledger, and the waits under it. Code under the lock reads or changes the state of the ledger. It
 * writes nothing to the store. The only other lock that it may take is the lock of the main ledger.
 */
final class LedgerLock {

    private static final Duration TICK = Duration.ofMillis(50);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;

    /** Makes a change and wakes the waiting threads. */
    void change(Runnable change) {
        boolean unused = changed(() -> {
            change.run();
            return true;
        });
    }

    /** Makes a change that returns a result, and wakes the waiting threads. */
    <T> T changed(Supplier<T> change) {
        lock.lock();
        try {
            T result = change.get();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Reads the state, or changes a part of it that no thread waits for. */
    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Ends an {@link #await} early: the current one, or else the next one. */
    void wake() {
        change(() -> woken = true);
    }

    /**
     * Waits until {@code reached} or {@code inVain} is true or {@link #wake()} is called, for at most {@code patience}.
     * Both conditions must depend only on state that changes under this lock.
     *
     * @return whether {@code reached} is true
     */
    boolean await(BooleanSupplier reached, BooleanSupplier inVain, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!reached.getAsBoolean() && !inVain.getAsBoolean() && !woken && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
            return reached.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until {@code ended} is true, for at most {@code patience}. The condition is checked every 50 ms, so it may
     * depend on a clock or on other state outside this lock.
     *
     * @return whether {@code ended} is true
     */
    boolean awaitEnd(BooleanSupplier ended, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        lock.lockInterruptibly();
        try {
            for (long left = patience.toNanos(); left > 0 && !ended.getAsBoolean(); left = end - System.nanoTime()) {
                long unused = changed.awaitNanos(Math.min(left, TICK.toNanos()));
            }
            return ended.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }
}
