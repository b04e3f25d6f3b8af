package dev.drover.batch;

import dev.drover.ledger.FailedAttempt;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The failed attempts, the waits and the divisions of a batch. Its parts share it. Thread-safe. */
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
