package dev.drover.observe;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How long a drain still takes, by a count that is made once and what is settled a second. Not thread-safe. */
final class TimeLeft {

    private final LongSupplier left;
    private @Nullable Long total;

    /**
     * Nothing is counted yet.
     *
     * @param left counts the rows that are not settled; less than 0 when that would take too long
     */
    TimeLeft(LongSupplier left) {
        this.left = left;
    }

    /** For instance {@code , about 12 min left}; empty when it is not known. The first call counts. */
    String text(long settled, long perSecond) {
        if (total == null) {
            long counted = left.getAsLong();
            total = counted < 0 ? -1 : settled + counted;
        }
        long rows = total - settled;
        if (total < 0 || rows <= 0 || perSecond <= 0) {
            return "";
        }
        long minutes = Math.round(rows / 60.0 / perSecond);
        return minutes < 1 ? ", less than 1 min left" : ", about " + StatusText.number(minutes) + " min left";
    }
}
