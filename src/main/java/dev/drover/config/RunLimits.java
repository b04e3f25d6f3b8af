package dev.drover.config;

import dev.drover.ledger.Cursor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits that end a run before its source is drained. The records that were read are settled first, and the next
 * run continues after them.
 *
 * @param records the largest number of records to read; 0 for no limit
 * @param until the last key to read; null for no limit
 * @param failures the largest number of dead letters before the pipeline halts; 0 for no limit
 * @param deadline the longest time to read; zero for no limit
 */
public record RunLimits(long records, @Nullable Cursor until, long failures, Duration deadline) {

    public RunLimits {
        notNegative("limit", records);
        notNegative("maxFailures", failures);
        notNegative("deadline", deadline.toMillis());
    }

    /** The number of records that may still be read, at most the number asked for. */
    public int left(int asked, long read) {
        return (int) (records > 0 ? Math.min(asked, records - read) : asked);
    }

    /** Whether a limit of records or time is reached. */
    public boolean reached(long read, Duration running) {
        return (records > 0 && read >= records) || (!deadline.isZero() && running.compareTo(deadline) >= 0);
    }

    /** Whether there are too many dead letters. */
    public boolean failed(long deadLetters) {
        return failures > 0 && deadLetters > failures;
    }

    private static void notNegative(String option, long value) {
        if (value < 0) {
            throw new OptionException(option, value + " is not allowed, it must be at least 0");
        }
    }
}
