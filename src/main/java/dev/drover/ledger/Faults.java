package dev.drover.ledger;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What is wrong with a pipeline that keeps running. Thread-safe. */
public final class Faults {

    private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();
    private final AtomicReference<@Nullable String> storeFailure = new AtomicReference<>();
    private final AtomicReference<@Nullable String> crowded = new AtomicReference<>();
    private volatile @Nullable AuditResult audit;

    /**
     * Notes that the destination refuses the pipeline itself, not single records.
     *
     * @return whether this is new, so that it is logged once
     */
    public boolean refused(String reason) {
        return refusal.getAndSet(reason) == null;
    }

    /** Notes that the destination accepts a batch. Returns whether this ends a refusal. */
    public boolean accepted() {
        return refusal.get() != null && refusal.getAndSet(null) != null;
    }

    /** Why the destination refuses the pipeline; empty if it does not. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal.get());
    }

    /**
     * Notes that no more records may be parked; null if some may again.
     *
     * @return whether this is new, so that it is logged once
     */
    public boolean crowded(@Nullable String reason) {
        return !Objects.equals(crowded.getAndSet(reason), reason);
    }

    /**
     * The reason for an alarm: a refusal by the destination, too many parked records, or a fault that the last audit found;
     * empty if all is well.
     */
    public Optional<String> alarm() {
        return refusal().or(() -> Optional.ofNullable(crowded.get())).or(() -> audit().filter(AuditResult::fault)
                .map(found -> "an audit found: " + found.text()));
    }

    /** The result of the last audit; empty if there was none. */
    public Optional<AuditResult> audit() {
        return Optional.ofNullable(audit);
    }

    /** Notes the result of an audit, by this process or another. */
    public void audited(AuditResult result) {
        audit = result;
    }

    /**
     * Notes that the store cannot write a dead letter.
     *
     * @return whether this is new, so that it is logged once
     */
    public boolean storeFailed(String reason) {
        return storeFailure.getAndSet(reason) == null;
    }

    /** Notes that the store has written a dead letter. */
    public void storeWorks() {
        storeFailure.set(null);
    }

    /** Why the store cannot write a dead letter; empty if it can. */
    public Optional<String> storeFailure() {
        return Optional.ofNullable(storeFailure.get());
    }
}
