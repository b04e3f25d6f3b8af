package dev.drover.ledger;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a pipeline runs, is stopping on purpose, or has halted permanently. Thread-safe. */
final class Ending {

    private final LedgerLock lock;
    private final @Nullable Ending main;
    private volatile boolean stopping;
    private volatile boolean gaveUp;
    private @Nullable String halted;

    /**
     * Begins as running.
     *
     * @param lock the lock of the threads that wait for a change
     * @param main an ending that also ends this one; null if there is none
     */
    Ending(LedgerLock lock, @Nullable Ending main) {
        this.lock = lock;
        this.main = main;
    }

    /** Whether no new work may begin. */
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

    /** Says that the pipeline is stopping on purpose, or starts again. */
    void stopping(boolean stopping) {
        this.stopping = stopping;
        lock.wake();
    }

    /** Says that unsettled records were given up. This halts the pipeline unless it is stopping. */
    void gaveUp(String what) {
        gaveUp = true;
        if (!stopping) {
            halt(what);
        }
    }

    boolean hasGivenUp() {
        return gaveUp;
    }
}
