package dev.drover.sql;

import dev.drover.ledger.Cursor;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a page asks for: those behind one key and not behind another, so many at most; or those of some keys.
 *
 * @param after the key behind which they come; null for the start of the source
 * @param upTo the last key that may be read; null when there is no such bound
 * @param limit how many rows at most, at least 1
 * @param keys only rows with these keys; none for all
 */
public record PageRequest(@Nullable Cursor after, @Nullable Cursor upTo, int limit, List<Cursor> keys) {

    /** The variable of the route with the cursor: the key itself, or a map by column name for a key of several columns. */
    public static final String AFTER = "after";

    /** The variable with the last key that may be read, as {@link #AFTER}; not set without such a bound. */
    public static final String UP_TO = "upTo";

    /** The variable with the number of rows to ask for: one more than are sent where no catalog proves the key. */
    public static final String PAGE_SIZE = "pageSize";

    public PageRequest {
        if (limit < 1) {
            throw new IllegalArgumentException("a page needs at least 1 row, not " + limit);
        }
    }

    public PageRequest(@Nullable Cursor after, @Nullable Cursor upTo, int limit) {
        this(after, upTo, limit, List.of());
    }

    /** The rows of these keys, at least one. */
    public static PageRequest of(List<Cursor> keys) {
        return new PageRequest(null, null, keys.size(), keys);
    }

    /** The same page with fewer rows. */
    public PageRequest limitedTo(int rows) {
        return new PageRequest(after, upTo, rows, keys);
    }

    /** A page without an upper bound. */
    public static PageRequest after(@Nullable Cursor after, int limit) {
        return new PageRequest(after, null, limit);
    }

    /** Sets the variables that a read step may bind. */
    public void setVariables(Exchange exchange) {
        exchange.setVariable(PAGE_SIZE, limit);
        if (after != null) {
            exchange.setVariable(AFTER, KeyValue.variable(after));
        }
        if (upTo != null) {
            exchange.setVariable(UP_TO, KeyValue.variable(upTo));
        }
    }

    /** Removes the variables again: a record does not need them. */
    public static void removeVariables(Exchange exchange) {
        exchange.removeVariable(PAGE_SIZE);
        exchange.removeVariable(AFTER);
        exchange.removeVariable(UP_TO);
    }
}
