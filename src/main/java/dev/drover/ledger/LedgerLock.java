package dev.drover.ledger;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The one lock of a ledger, and the waits under it. What runs under it only looks at what the ledger knows, or changes
 * it: it writes nothing, and takes no other lock than that of the ledger beside which its own one is.
 */
final class LedgerLock {

    private static final Duration TICK = Duration.ofMillis(50);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;

    /** Changes something; whoever waits looks again. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The same, with an answer. */
    <T> T changed(Supplier<T> change) {
        lock.lock();
        try {
            T answer = change.get();
            changed.signalAll();
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /** Looks at something, or changes what nobody waits for. */
    <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    /** Ends one {@link #await} early, also the next one if none is under way. */
    void wake() {
        change(() -> woken = true);
    }

    /**
     * Waits until something is reached or in vain, or {@link #wake()} is called, but no longer than {@code patience}. Both
     * must depend only on what is changed under this lock.
     *
     * @return whether it is reached
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
     * Waits until something ends, but no longer than {@code patience}. It may depend on what is changed elsewhere, as by a
     * clock: it is looked at every 50 ms.
     *
     * @return whether it has ended
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
