package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage.Fates;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a segment, a range of keys whose rows are settled. Those of a pipeline follow one another; what a
 * pipeline read behind its checkpoint has receipts beside them.
 *
 * @param place how many rows the pipeline had settled before; less than 0 for rows that an audit has set aside
 * @param after the key after which it begins; null where its pipeline reads from its first row
 * @param last the key of its last row
 * @param beside whether its rows lie behind the checkpoint of their time, anywhere up to {@code last}
 * @param rows how many rows were read
 * @param fates what became of them
 * @param digest of their keys, see {@link ReceiptKeys#digest}
 * @param packed the keys of its rows, see {@link ReceiptKeys#read}; null if they are too long to be kept
 * @param settled when its last row was settled
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

    /** The keys of its rows, as {@link ReceiptKeys#plain} makes them; empty if they are too long to be kept. */
    public Optional<List<List<Object>>> keys() {
        return Optional.ofNullable(packed)
                .map(some -> ReceiptKeys.read(some, last.columns().size()));
    }

    /** Rows of which nothing is known: neither delivered, nor filtered, nor set aside. */
    public long unaccounted() {
        return rows - fates.delivered() - fates.filtered() - fates.deadLettered();
    }
}
