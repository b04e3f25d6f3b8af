package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.SettledPage.Fates;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receipts of one owner of a pipeline. A segment takes pages until it has enough rows, or long keys; each write of the
 * checkpoint writes the receipt of the open segment again, in the same transaction, so that the receipts always cover
 * exactly what the checkpoint has passed. The next owner begins a new segment. Used by one thread at a time.
 */
final class Segments {

    private static final int BYTES = 32 * 1024;
    private static final String UPDATE = "UPDATE drover_receipt SET last_json = ?, rows_read = ?, delivered = ?,"
            + " filtered = ?, dead_lettered = ?, digest = ?, record_keys = ?, settled_at = $now"
            + " WHERE pipeline = ? AND place = ?";
    private static final String INSERT = "INSERT INTO drover_receipt (last_json, rows_read, delivered, filtered,"
            + " dead_lettered, digest, record_keys, settled_at, pipeline, place, after_json, beside)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, $now, ?, ?, ?, ?)";

    private int most = 10_000;
    private @Nullable Segment open;

    /** A segment takes no further page when it has so many rows; 10,000 without this call. With 0 there are no segments. */
    void most(int rows) {
        most = rows;
    }

    /** A segment that takes pages. */
    static final class Segment {

        private final long place;
        private final @Nullable Cursor after;
        private final boolean beside;
        private final ReceiptKeys keys;
        private @Nullable Cursor last;
        private long rows;
        private Fates fates = new Fates(0, 0, 0);

        Segment(long place, @Nullable Cursor after, boolean beside) {
            this(place, after, beside, new ReceiptKeys());
        }

        private Segment(long place, @Nullable Cursor after, boolean beside, ReceiptKeys keys) {
            this.place = place;
            this.after = after;
            this.beside = beside;
            this.keys = keys;
        }

        private Segment copy() {
            Segment copy = new Segment(place, after, beside, keys.copy());
            copy.last = last;
            copy.rows = rows;
            copy.fates = fates;
            return copy;
        }

        void add(List<Cursor> more, Fates became) {
            for (int i = 0; i < more.size(); i++) {
                keys.add(ReceiptKeys.plain(more.get(i)));
            }
            last = more.get(more.size() - 1);
            rows += more.size();
            fates = fates.plus(became);
        }

        private boolean isFull(int most) {
            return rows >= most || keys.packed().length() >= BYTES;
        }

        /** Writes the receipt, which replaces an earlier receipt of the segment. */
        void write(Transaction transaction, String pipeline) throws SQLException {
            if (last == null) {
                return;
            }
            List<@Nullable Object> values = new ArrayList<>(Arrays.asList(
                    CursorJson.write(last),
                    rows,
                    fates.delivered(),
                    fates.filtered(),
                    fates.deadLettered(),
                    keys.digest(),
                    keys.packed().compressed(),
                    pipeline,
                    place));
            if (transaction.update(UPDATE, values.toArray()) == 0) {
                values.add(after == null ? null : CursorJson.write(after));
                values.add(beside ? 1 : 0);
                transaction.update(INSERT, values.toArray());
            }
        }
    }

    /**
     * The change of the segments by a write of the checkpoint.
     *
     * @param written the segments whose receipts are written
     * @param open the segment that takes the next pages; null if there is none
     */
    record Change(List<Segment> written, @Nullable Segment open) {

        void write(Transaction transaction, String pipeline) throws SQLException {
            for (Segment each : written) {
                each.write(transaction, pipeline);
            }
        }
    }

    /**
     * Adds pages. The segments do not change before {@link #done}, because a failed write is repeated with the same pages.
     * Pages with unknown keys have no receipt.
     *
     * @param after the checkpoint before the pages
     * @param settled the number of rows settled before the pages
     */
    Change with(@Nullable Cursor after, long settled, List<SettledPage> pages) {
        if (most == 0) {
            return new Change(List.of(), null);
        }
        List<Segment> written = new ArrayList<>();
        Segment current = null;
        Segment next = open;
        Cursor at = after;
        long place = settled;
        for (SettledPage page : pages) {
            if (page.keys().size() != page.rows()) {
                next = null;
                current = null;
            } else if (!page.keys().get(page.rows() - 1).equals(page.last())) {
                Segment late = new Segment(place, null, true);
                late.add(page.keys(), page.fates());
                written.add(late);
            } else {
                if (current == null || current.isFull(most)) {
                    current = current != null || next == null || next.isFull(most)
                            ? new Segment(place, at, false)
                            : next.copy();
                    written.add(current);
                }
                current.add(page.keys(), page.fates());
                next = current;
            }
            at = page.last();
            place += page.rows();
        }
        return new Change(written, next);
    }

    /** Applies a change that was written. */
    void done(Change change) {
        open = change.open();
    }
}
