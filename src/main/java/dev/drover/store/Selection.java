package dev.drover.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant: those that fit all that is given.
 *
 * @param ids their ids, or how these begin; empty for any
 * @param pipeline their pipeline; null for any
 * @param destination the route that delivers to the destination which refused them; null for any
 * @param reason what their reason contains, in any case; null for any
 * @param status the status of the refusal; null for any
 * @param since set aside at this time or later; null for any
 * @param until set aside before this time; null for any
 */
public record Selection(
        List<String> ids,
        @Nullable String pipeline,
        @Nullable String destination,
        @Nullable String reason,
        @Nullable Integer status,
        @Nullable Instant since,
        @Nullable Instant until) {

    private static final Selection EVERYTHING = new Selection(List.of(), null, null, null, null, null, null);

    /** Those with these ids, or whose ids begin so. */
    public static Selection of(List<String> ids) {
        return new Selection(ids, null, null, null, null, null, null);
    }

    /** Whether nothing is given, so that all dead letters are meant. */
    public boolean isEverything() {
        return equals(EVERYTHING);
    }
}
