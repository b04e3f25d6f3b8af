package dev.drover.ledger;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a pipeline goes on, is stopping on purpose, or was halted for good. Thread-safe. */
final class Ending {

    private final LedgerLock lock;
    private final @Nullable Ending main;
    private volatile boolean stopping;
    private volatile boolean gaveUp;
    private @Nullable String halted;

    /**
     * A pipeline that goes on.
     *
     * @param lock what those wait under who wait for what would come
     * @param main with whose ending this one ends, too; null if with none
     */
    Ending(LedgerLock lock, @Nullable Ending main) {
        this.lock = lock;
        this.main = main;
    }

    /** Whether nothing more is to be begun. */
    boolean isEnding() {
        return stopping || isHalted() || (main != null && main.isEnding());
    }

    boolean isHalted() {
        return halted().isPresent();
    }

    /** Why it was halted, empty while it runs. */
    Optional<String> halted() {
        return lock.locked(() -> Optional.ofNullable(halted));
    }

    /** Halts it; the first reason stays. */
    void halt(String reason) {
        lock.change(() -> halted = halted == null ? reason : halted);
    }

    /** It is stopping on purpose, or starts again. */
    void stopping(boolean stopping) {
        this.stopping = stopping;
        lock.wake();
    }

    /** Records were given up unsettled: expected while it is stopping, else it is halted. */
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
