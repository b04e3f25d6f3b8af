package dev.drover.config;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The validated options of a pipeline: an error names the option, its value and what is allowed.
 *
 * @param name the pipeline and its checkpoint
 * @param key the key columns, in order
 * @param startAfter the key after which a pipeline without a checkpoint begins; null begins at the first row
 * @param pageSize records asked for by one page
 * @param maxInFlight the window: records read and not yet passed by the checkpoint
 * @param delay how long a following pipeline waits on a drained source before it looks again
 * @param longestDelay how long it waits at most after a long time without rows; not more than {@code delay} means no growth
 * @param mode what to do on a drained source
 * @param schedule when it reads
 * @param consistency what keeps rows that are committed late from being passed over
 * @param promises what the user vouches for where no catalog shows it
 * @param lag how far {@link Consistency#LAG} stays behind
 * @param claims how rows are claimed, for {@link Consistency#CLAIM}
 * @param limits when a run ends before its source does
 */
public record PagesConfig(
        String name,
        List<String> key,
        @Nullable Cursor startAfter,
        int pageSize,
        int maxInFlight,
        Duration delay,
        Duration longestDelay,
        Mode mode,
        Schedule schedule,
        Consistency consistency,
        Set<Promise> promises,
        Duration lag,
        ClaimOptions claims,
        RunLimits limits) {

    /** As long as the store keeps it. */
    public static final int LONGEST_NAME = 200;

    public PagesConfig {
        if (name.isBlank()) {
            throw new OptionException(
                    "name",
                    "a pipeline needs a name, which its checkpoint has too; in the short form it is the id of the route");
        }
        if (name.length() > LONGEST_NAME) {
            throw new OptionException(
                    "name", "has " + name.length() + " characters, it must have at most " + LONGEST_NAME);
        }
        atLeast("pageSize", pageSize, 1);
        atLeast("maxInFlight", maxInFlight, pageSize);
        atLeast("delay", delay.toMillis(), 1);
        atLeast("longestDelay", longestDelay.toMillis(), 0);
        atLeast("lag", lag.toMillis(), 1);
        refuseUntil(limits.until(), consistency);
        refuseEmpty(startAfter, limits.until());
    }

    /**
     * Of a pipeline whose records another component reads.
     *
     * @param read how many records are read at once
     * @throws IllegalArgumentException naming the option, its value and what is allowed
     */
    public static PagesConfig readElsewhere(String name, List<String> key, int read, int maxInFlight, Mode mode) {
        return new PagesConfig(
                name,
                key,
                null,
                read,
                maxInFlight,
                Duration.ofSeconds(1),
                Duration.ZERO,
                mode,
                Schedule.ALWAYS,
                Consistency.STATIC,
                Set.of(),
                Duration.ofSeconds(1),
                new ClaimOptions(null, Duration.ofSeconds(1), Duration.ZERO),
                new RunLimits(0, null, 0, Duration.ZERO));
    }

    /** The same source, read once in a range of keys, under a checkpoint of its own. */
    public PagesConfig backfill(Backfill range, @Nullable Cursor from, @Nullable Cursor to) {
        return new PagesConfig(
                range.name(),
                key,
                from,
                pageSize,
                maxInFlight,
                delay,
                longestDelay,
                Mode.DRAIN,
                schedule,
                Consistency.STATIC,
                promises,
                lag,
                claims,
                new RunLimits(0, to, limits.failures(), Duration.ZERO));
    }

    /**
     * How long a following pipeline waits before it looks for rows again: a tenth of the time without rows, so that a new row
     * waits no longer than that.
     *
     * @param idle the time since the last row
     */
    public Duration delayAfter(Duration idle) {
        Duration longest =
                longestDelay.compareTo(delay) > 0 && limits.deadline().isZero() ? longestDelay : delay;
        Duration tenth = idle.dividedBy(10);
        Duration grown = tenth.compareTo(delay) > 0 ? tenth : delay;
        return grown.compareTo(longest) < 0 ? grown : longest;
    }

    /** The last key may be the one to begin after: a script that repeats a range ends without rows. */
    private static void refuseEmpty(@Nullable Cursor after, @Nullable Cursor last) {
        if (after != null && last != null && CursorOrder.isUpTo(last, after) && !last.equals(after)) {
            throw new OptionException("until", last + " is before " + after + ", the key to begin after");
        }
    }

    private static void refuseUntil(@Nullable Cursor until, Consistency consistency) {
        if (until == null || consistency == Consistency.STATIC) {
            return;
        }
        if (consistency == Consistency.XID || consistency == Consistency.CLAIM || !CursorOrder.isKnown(until)) {
            throw new OptionException(
                    "until",
                    "is not allowed with consistency " + consistency
                            + (CursorOrder.isKnown(until) ? "" : " and a key that is no number or time")
                            + "; set STATIC");
        }
    }

    /** Splits the {@code key} option: column names separated by commas. */
    public static List<String> columns(@Nullable String key) {
        List<String> columns = key == null
                ? List.of()
                : Arrays.stream(key.split(",")).map(String::trim).toList();
        if (columns.isEmpty() || columns.contains("")) {
            throw new OptionException(
                    "key",
                    "'" + (key == null ? "" : key)
                            + "' is not allowed; name the unique key column, or several separated by commas");
        }
        return columns;
    }

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            String why = "maxInFlight".equals(option) ? " (the pageSize, or nothing could ever be read)" : "";
            throw new OptionException(option, value + " is not allowed, it must be at least " + least + why);
        }
    }
}
