package dev.drover.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How rows are claimed, validated: an error names the option, its value and what is allowed.
 *
 * @param table the table with the claims; null for the table that is read
 * @param lease after how long a claim that is not renewed ends
 * @param retention how long settled rows of that table are kept; zero keeps them for ever
 */
public record ClaimOptions(@Nullable String table, Duration lease, Duration retention) {

    public ClaimOptions {
        if (retention.isNegative()) {
            throw new OptionException(
                    "claimRetention",
                    retention.toMillis()
                            + " is not allowed, it must be at least 0 (milliseconds; 0 keeps settled rows)");
        }
    }

    /** The table with the claims, where this one is read. */
    public String tableOr(String read) {
        return table == null ? read : table;
    }
}
