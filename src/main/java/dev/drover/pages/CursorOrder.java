package dev.drover.pages;

import dev.drover.ledger.Cursor;
import java.math.BigDecimal;
import java.time.temporal.Temporal;

/** The order of cursors whose values are numbers or times. Text has the order of its column, which only its database knows. */
final class CursorOrder {

    private CursorOrder() {}

    /** Whether every value can be compared without the database. */
    static boolean isKnown(Cursor cursor) {
        return cursor.values().stream().allMatch(value -> value instanceof Number || value instanceof Temporal);
    }

    /** The lower of two cursors of one key. */
    static Cursor lower(Cursor one, Cursor other) {
        for (int part = 0; part < one.values().size(); part++) {
            int order = compare(one.values().get(part), other.values().get(part));
            if (order != 0) {
                return order < 0 ? one : other;
            }
        }
        return one;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // values of one column that are no numbers have one type
    private static int compare(Object one, Object other) {
        if (one instanceof Number && other instanceof Number) {
            return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString()));
        }
        if (one.getClass() != other.getClass() || !(one instanceof Comparable comparable)) {
            throw new IllegalArgumentException("until: can not be compared with the key, which is a "
                    + one.getClass().getSimpleName());
        }
        return comparable.compareTo(other);
    }
}
