package dev.drover.deadletter;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant: those that fit all that is given.
 *
 * @param ids their ids, or how these begin; empty for any
 * @param pipeline their pipeline; null for any
 * @param reason what their reason contains, in any case; null for any
 * @param status the status of the refusal; null for any
 * @param since set aside at this time or later; null for any
 */
public record Selection(
        List<String> ids,
        @Nullable String pipeline,
        @Nullable String reason,
        @Nullable Integer status,
        @Nullable Instant since) {

    /** Whether nothing is given, so that all dead letters are meant. */
    public boolean isEverything() {
        return ids.isEmpty() && pipeline == null && reason == null && status == null && since == null;
    }
}
