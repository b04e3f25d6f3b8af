package dev.drover.pages;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How rows are claimed, validated: an error names the option, its value and what is allowed.
 *
 * @param table the table with the claims; null for the table that is read
 * @param lease after how long a claim that is not renewed ends, at least a second
 * @param retention how long settled rows of that table are kept; zero keeps them for ever
 */
public record ClaimOptions(@Nullable String table, Duration lease, Duration retention) {

    public ClaimOptions {
        if (lease.toMillis() < 1000) {
            throw new IllegalArgumentException(
                    "claimLease: " + lease.toMillis() + " is not allowed, it must be at least 1000 (milliseconds)");
        }
        if (retention.isNegative()) {
            throw new IllegalArgumentException("claimRetention: " + retention.toMillis()
                    + " is not allowed, it must be at least 0 (milliseconds; 0 keeps settled rows)");
        }
    }
}
