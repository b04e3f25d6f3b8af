package dev.drover.store;

import java.time.Duration;

/**
 * What a process says when it takes a pipeline.
 *
 * @param owner who it is, for people
 * @param lease for how long it owns the pipeline after each renewal
 * @param sole whether it knows that no other process can be an owner, so that a lease which is still running was left
 *     by one that is gone
 */
public record Claim(String owner, Duration lease, boolean sole) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int LONGEST_OWNER = 200;

    public Claim {
        if (lease.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("leaseDuration: " + lease.toMillis()
                    + " ms is not allowed, it must be at least " + SHORTEST.toMillis() + " ms");
        }
        owner = owner.length() <= LONGEST_OWNER ? owner : owner.substring(0, LONGEST_OWNER);
    }
}
