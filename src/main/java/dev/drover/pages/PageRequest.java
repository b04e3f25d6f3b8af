package dev.drover.pages;

import dev.drover.ledger.Cursor;
import java.util.List;
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

    public PageRequest {
        if (limit < 1) {
            throw new IllegalArgumentException("a page needs at least 1 row, not " + limit);
        }
    }

    public PageRequest(@Nullable Cursor after, @Nullable Cursor upTo, int limit) {
        this(after, upTo, limit, List.of());
    }

    /** The rows of these keys, at least one. */
    static PageRequest of(List<Cursor> keys) {
        return new PageRequest(null, null, keys.size(), keys);
    }

    /** The same page with fewer rows. */
    PageRequest limitedTo(int rows) {
        return new PageRequest(after, upTo, rows, keys);
    }

    /** A page without an upper bound. */
    public static PageRequest after(@Nullable Cursor after, int limit) {
        return new PageRequest(after, null, limit);
    }
}
