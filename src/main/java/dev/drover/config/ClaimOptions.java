package dev.drover.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options for claims.
 *
 * @param table the claim table; null for the source table
 * @param lease the time after which a claim expires unless it is renewed
 * @param retention the time for which settled rows of the claim table are kept; zero for ever
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

    /** The claim table of this source table. */
    public String tableOr(String read) {
        return table == null ? read : table;
    }
}
