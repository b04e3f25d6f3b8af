package dev.drover.batch;

import dev.drover.ledger.FailedAttempt;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The failed attempts with a batch, its waits and its divisions, shared by its parts: they are delivered one after the other. Thread-safe. */
final class Attempts {

    private @Nullable FailedAttempt last;
    private @Nullable String waitsFor;
    private int divisions;

    synchronized void failed(String batch, String reason) {
        int before = last == null || !last.batch().equals(batch) ? 0 : last.number();
        last = new FailedAttempt(batch, before + 1, reason);
    }

    synchronized void waitsFor(@Nullable String what) {
        waitsFor = what;
    }

    synchronized Optional<String> waitsFor() {
        return Optional.ofNullable(waitsFor);
    }

    synchronized int divided() {
        return ++divisions;
    }

    synchronized Optional<FailedAttempt> last() {
        return Optional.ofNullable(last);
    }
}
