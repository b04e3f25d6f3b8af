package dev.drover.store;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Selects the dead letters, or the parked records, that meet all conditions.
 *
 * @param ids ids or their beginnings; empty for any
 * @param pipeline the pipeline; null for any
 * @param destination the delivery route of the destination that refused them; null for any
 * @param reason a part of the reason, in upper or lower case; null for any
 * @param status the status of the refusal; null for any
 * @param since set aside at this time or later; null for any
 * @param until set aside before this time; null for any
 * @param parked whether parked records are selected instead of dead letters; null for both
 */
public record Selection(
        List<String> ids,
        @Nullable String pipeline,
        @Nullable String destination,
        @Nullable String reason,
        @Nullable Integer status,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable Boolean parked) {

    /** The condition of dead letters in {@code drover_dead_letter}. */
    static final String LETTER = "parked_lane IS NULL";

    /** The condition of parked records there; a delivered one has an empty lane. */
    static final String PARKED = "parked_lane <> ''";

    private static final Selection EVERYTHING = new Selection(List.of(), null, null, null, null, null, null, false);

    /** Selects the dead letters with these ids or beginnings of ids. */
    public static Selection of(List<String> ids) {
        return new Selection(ids, null, null, null, null, null, null, false);
    }

    /** The same of parked records, or of dead letters, or of both. */
    public Selection parked(@Nullable Boolean wanted) {
        return new Selection(ids, pipeline, destination, reason, status, since, until, wanted);
    }

    /** Whether all dead letters are selected. */
    public boolean isEverything() {
        return parked(false).equals(EVERYTHING);
    }

    /** A condition of a statement, which begins with {@code WHERE}, and its values in order. */
    record Where(String sql, List<Object> values) {}

    /** The selection as a condition on {@code drover_dead_letter}. */
    Where where() {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        if (!ids.isEmpty()) {
            conditions.add("(" + String.join(" OR ", Collections.nCopies(ids.size(), "id LIKE ? ESCAPE '!'")) + ")");
            ids.forEach(id -> values.add(escaped(id) + "%"));
        }
        and("pipeline = ?", pipeline, conditions, values);
        and("destination = ?", destination, conditions, values);
        and("LOWER(reason) LIKE ? ESCAPE '!'", reason == null ? null : "%" + escaped(reason) + "%", conditions, values);
        and("status = ?", status, conditions, values);
        and("created_at >= ?", since == null ? null : Timestamp.from(since), conditions, values);
        and("created_at < ?", until == null ? null : Timestamp.from(until), conditions, values);
        conditions.add(parked == null ? "(parked_lane IS NULL OR parked_lane <> '')" : parked ? PARKED : LETTER);
        return new Where(" WHERE " + String.join(" AND ", conditions), values);
    }

    private static void and(String condition, @Nullable Object value, List<String> conditions, List<Object> values) {
        if (value != null) {
            conditions.add(condition);
            values.add(value);
        }
    }

    private static String escaped(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replace("!", "!!")
                .replace("%", "!%")
                .replace("_", "!_");
    }
}
