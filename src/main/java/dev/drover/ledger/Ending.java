package dev.drover.ledger;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a pipeline runs, is stopping on purpose, or has halted permanently. Thread-safe. */
public final class Ending {

    private final LedgerLock lock;
    private final @Nullable Ending main;
    private volatile boolean stopping;
    private volatile boolean gaveUp;
    private @Nullable String halted;

    /**
     * Creates the state of a running pipeline.
     *
     * @param lock the lock of the threads that wait for a change
     * @param main an ending that also ends this one; null if there is none
     */
    Ending(LedgerLock lock, @Nullable Ending main) {
        this.lock = lock;
        this.main = main;
    }

    /** Whether the pipeline stops or has halted, so that no new work may begin. */
    boolean isEnding() {
        return stopping || isHalted() || (main != null && main.isEnding());
    }

    boolean isHalted() {
        return halted().isPresent();
    }

    /** The reason of the halt; empty if it has not halted. */
    Optional<String> halted() {
        return lock.locked(() -> Optional.ofNullable(halted));
    }

    /** Halts the pipeline. Only the first reason is kept. */
    void halt(String reason) {
        lock.change(() -> halted = halted == null ? reason : halted);
    }

    /** Notes that the pipeline stops on purpose, or starts again. Giving up records while it stops is no fault. */
    public void stopping(boolean stopping) {
        this.stopping = stopping;
        lock.wake();
    }

    /**
     * Notes that unsettled records were given up. Unless the pipeline is stopping, this is a fault of the route and halts
     * it.
     */
    public void gaveUp(String what) {
        gaveUp = true;
        if (!stopping) {
            halt(what);
        }
    }

    /** Whether records were given up, so that only reading again from the checkpoint brings them back. */
    public boolean hasGivenUp() {
        return gaveUp;
    }
}
