package dev.drover.pages;

import dev.drover.ledger.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a page asks for: those behind one key and not behind another, so many at most.
 *
 * @param after the key behind which they come; null for the start of the source
 * @param upTo the last key that may be read; null when there is no such bound
 * @param limit how many rows at most, at least 1
 */
public record PageRequest(@Nullable Cursor after, @Nullable Cursor upTo, int limit) {

    public PageRequest {
        if (limit < 1) {
            throw new IllegalArgumentException("a page needs at least 1 row, not " + limit);
        }
    }

    /** A page without an upper bound. */
    public static PageRequest after(@Nullable Cursor after, int limit) {
        return new PageRequest(after, null, limit);
    }
}
