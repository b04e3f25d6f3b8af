package dev.drover.ledger;

import java.math.BigDecimal;
import java.time.temporal.Temporal;
import java.util.Date;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** From one cursor to another: what is read again by that, or never read. */
public final class CursorMove {

    private CursorMove() {}

    /**
     * One sentence for people.
     *
     * @param from where the checkpoint is, null at the beginning
     * @param to where it is set
     */
    public static String describe(@Nullable Cursor from, Cursor to) {
        if (from == null) {
            return "it begins after " + to + ": rows up to " + to + " are skipped, never sent";
        }
        OptionalInt order = compare(from, to);
        if (order.isEmpty()) {
            return "it moves from " + from + " to " + to
                    + ": the rows between them are sent again if it is set back, or skipped if it is set ahead";
        }
        if (order.getAsInt() == 0) {
            return "it stays at " + to;
        }
        return order.getAsInt() > 0
                ? "it moves back from " + from + ": rows after " + to + " up to " + from + " are sent again"
                : "it moves ahead from " + from + ": rows after " + from + " up to " + to + " are skipped, never sent";
    }

    /** Which column would be compared with a value of another kind, a number with a text for instance; empty if none. */
    public static Optional<String> mismatch(@Nullable Cursor from, Cursor to) {
        for (int i = 0; from != null && i < from.values().size(); i++) {
            String was = kind(from.values().get(i));
            String is = kind(to.values().get(i));
            if (!was.equals(is)) {
                return Optional.of("key column " + from.columns().get(i) + " is a " + was + ", not a " + is);
            }
        }
        return Optional.empty();
    }

    private static String kind(Object value) {
        if (value instanceof Number) {
            return "number";
        }
        if (value instanceof Temporal || value instanceof Date) {
            return "time";
        }
        return value instanceof String ? "text" : value.getClass().getSimpleName();
    }

    /** Empty where only the database knows the order: its collation sorts texts, its own rules UUIDs. */
    private static OptionalInt compare(Cursor from, Cursor to) {
        for (int i = 0; i < from.values().size(); i++) {
            Object a = from.values().get(i);
            Object b = to.values().get(i);
            if (a.equals(b)) {
                continue;
            }
            if (a instanceof Number && b instanceof Number) {
                int order = new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
                if (order != 0) {
                    return OptionalInt.of(order);
                }
            } else if (a instanceof Temporal && a.getClass() == b.getClass()) {
                return OptionalInt.of(compareTimes(a, b));
            } else {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of(0);
    }

    @SuppressWarnings("unchecked") // both are of the same class, and every time is comparable with its own
    private static int compareTimes(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }
}
