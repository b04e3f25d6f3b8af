package dev.drover.ledger;

import java.math.BigDecimal;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Describes the move of a checkpoint from one cursor to another: which rows are sent again or skipped. */
public final class CursorMove {

    private static final Pattern ODD_TIME =
            Pattern.compile("-?infinity|[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?)?"
                    + "|-?[0-9]{2,3}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([+-][0-9]{2}(:[0-9]{2}){0,2})?");

    /** A kind of value. */
    public static final String NUMBER = "number";

    public static final String TEXT = "text";
    public static final String TIME = "time";

    private CursorMove() {}

    /**
     * Describes the move in one sentence.
     *
     * @param from the present checkpoint; null if there is none
     * @param to the new checkpoint
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

    /**
     * Whether the value is the text of a time without a Java type: infinity, 24:00:00, a negative time, a zero date.
     */
    private static boolean isTime(Object value) {
        return value instanceof String text && ODD_TIME.matcher(text).matches();
    }

    /**
     * The first column whose two values are of different kinds, such as a number and a text; empty if there is none.
     */
    public static Optional<String> mismatch(@Nullable Cursor from, Cursor to) {
        for (int i = 0; from != null && i < from.values().size(); i++) {
            Object old = from.values().get(i);
            Object now = to.values().get(i);
            String was = kind(old);
            String is = kind(now);
            boolean texts = old instanceof String && now instanceof String;
            if (!texts && !was.equals(is)) {
                return Optional.of("key column " + from.columns().get(i) + " is a " + was + ", not a " + is);
            }
        }
        return Optional.empty();
    }

    /** Converts the decimals of a cursor that a person wrote to floating-point numbers where the column has them. */
    public static Cursor asRead(@Nullable Cursor from, Cursor to) {
        List<Object> values = new ArrayList<>(to.values());
        for (int i = 0; from != null && i < values.size(); i++) {
            Object was = from.values().get(i);
            if (values.get(i) instanceof Number number && isDecimal(was)) {
                Number same = was instanceof Float ? Float.valueOf(number.floatValue()) : number;
                values.set(i, was instanceof Double ? Double.valueOf(number.doubleValue()) : same);
            }
        }
        return new Cursor(to.columns(), values);
    }

    /** Whether the value is a finite number. */
    public static boolean isDecimal(Object value) {
        return value instanceof Number number && (value instanceof BigDecimal || Double.isFinite(number.doubleValue()));
    }

    /** The kind of a value, if it is not the expected kind; empty if it is, or if the expected kind is null. */
    public static Optional<String> misfit(@Nullable String kind, Object value) {
        String is = kind(value);
        boolean fits = kind == null || kind.equals(is) || (kind.equals(TEXT) && value instanceof String);
        return fits ? Optional.empty() : Optional.of(is);
    }

    private static String kind(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return NUMBER; // a MariaDB boolean is a number, and may be read as either
        }
        if (value instanceof Temporal || value instanceof Date || isTime(value)) {
            return TIME;
        }
        return value instanceof String ? TEXT : value.getClass().getSimpleName();
    }

    /** Compares two cursors; empty if only the database knows the order, as for texts and UUIDs. */
    private static OptionalInt compare(Cursor from, Cursor to) {
        int part = CursorOrder.difference(from, to);
        if (part < 0) {
            return OptionalInt.of(0);
        }
        Object old = from.values().get(part);
        int order = old instanceof UUID
                ? CursorOrder.UNKNOWN
                : CursorOrder.compare(old, to.values().get(part));
        return order == CursorOrder.UNKNOWN ? OptionalInt.empty() : OptionalInt.of(order);
    }
}
