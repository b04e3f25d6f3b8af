package dev.drover.config;

import dev.drover.ledger.Cursor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a run ends before its source does, validated: an error names the option, its value and what is allowed. What
 * was read is settled first, and the next run goes on there.
 *
 * @param records how many records are read; 0 is no limit
 * @param until the last key that is read; null is no limit
 * @param failures how many records may become dead letters before the pipeline halts; 0 is no limit
 * @param deadline how long is read; zero is no limit
 */
public record RunLimits(long records, @Nullable Cursor until, long failures, Duration deadline) {

    public RunLimits {
        notNegative("limit", records);
        notNegative("maxFailures", failures);
        notNegative("deadline", deadline.toMillis());
    }

    /** How many of so many records may still be read. */
    public int left(int asked, long read) {
        return (int) (records > 0 ? Math.min(asked, records - read) : asked);
    }

    /** Whether enough was read, or for long enough. */
    public boolean reached(long read, Duration running) {
        return (records > 0 && read >= records) || (!deadline.isZero() && running.compareTo(deadline) >= 0);
    }

    /** Whether more records have failed than may. */
    public boolean failed(long deadLetters) {
        return failures > 0 && deadLetters > failures;
    }

    private static void notNegative(String option, long value) {
        if (value < 0) {
            throw new OptionException(option, value + " is not allowed, it must be at least 0");
        }
    }
}
