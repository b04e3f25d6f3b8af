package dev.drover.store;

import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint was written for: its key means nothing elsewhere.
 *
 * @param table the table that has the key; null when it is not known
 * @param cluster the identity of the database cluster, kept where the key holds numbers of its transactions; null
 *     elsewhere, and when the database does not tell it
 */
public record Origin(@Nullable String table, @Nullable String cluster) {

    /** Of a checkpoint that was written before this was kept, or set by hand. */
    public static final Origin UNKNOWN = new Origin(null, null);

    /** What is known here, completed by what is known there. */
    Origin orElse(Origin other) {
        return new Origin(table == null ? other.table : table, cluster == null ? other.cluster : cluster);
    }
}
