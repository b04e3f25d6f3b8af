package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage.Fates;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record of a segment, which is a range of keys whose rows are settled. The segments of a pipeline follow one another.
 * Rows that were read behind the checkpoint have separate receipts.
 *
 * @param place the number of rows that the pipeline had settled before; negative for rows that an audit has set aside
 * @param after the key after which the segment begins; null at the first row of the pipeline
 * @param last the key of the last row
 * @param beside whether the rows were behind the checkpoint when they were read, anywhere up to {@code last}
 * @param rows the number of rows that were read
 * @param fates the ends of the rows
 * @param digest the digest of the keys, see {@link ReceiptKeys#digest}
 * @param packed the keys of the rows, see {@link PackedKeys}; null if they are too long to be stored
 * @param settled the time at which the last row was settled
 */
@SuppressWarnings("ArrayRecordComponent") // receipts are never compared
public record Receipt(
        long place,
        @Nullable Cursor after,
        Cursor last,
        boolean beside,
        long rows,
        Fates fates,
        String digest,
        byte @Nullable [] packed,
        Instant settled) {

    /** The keys of the rows in the form of {@link ReceiptKeys#plain}; empty if they are too long to be stored. */
    public Optional<List<List<Object>>> keys() {
        return Optional.ofNullable(packed)
                .map(some -> PackedKeys.read(some, last.columns().size()));
    }

    /** The number of rows that were neither delivered nor filtered nor dead-lettered. */
    public long unaccounted() {
        return rows - fates.delivered() - fates.filtered() - fates.deadLettered();
    }
}
