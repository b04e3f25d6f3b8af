package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Traced;
import dev.drover.store.Checkpoint.Origin;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A move of a checkpoint over pages.
 *
 * @param before the number of rows that were settled before
 */
record CheckpointMove(String pipeline, long epoch, Origin origin, long before, List<SettledPage> pages) {

    // Compares the epoch, so that an earlier owner changes nothing. Compares the count, so that a write of this owner
    // which was believed lost and arrives late changes nothing either.
    private static final String MOVE =
            "UPDATE drover_checkpoint SET cursor_json = ?, settled = settled + ?, dead_lettered = dead_lettered + ?,"
                    + " source_table = ?, source_cluster = ?, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ? AND epoch = ? AND settled = ?";

    Cursor last() {
        return pages.get(pages.size() - 1).last();
    }

    /** The number of settled rows after the move. */
    long after() {
        return before + pages.stream().mapToLong(SettledPage::rows).sum();
    }

    /** Moves the checkpoint if the store has this epoch and this number of settled rows. Returns whether it has. */
    boolean write(Transaction transaction, long settled) throws SQLException {
        long deadLettered = pagesAfter(settled).stream()
                .mapToLong(page -> page.fates().deadLettered())
                .sum();
        return transaction.update(
                        MOVE,
                        CursorJson.write(last()),
                        after() - settled,
                        deadLettered,
                        origin.table(),
                        origin.cluster(),
                        pipeline,
                        epoch,
                        settled)
                == 1;
    }

    /** The trace of the pages after the first {@code settled} rows of the pipeline. */
    List<Traced> traceAfter(long settled) {
        return pagesAfter(settled).stream()
                .flatMap(page -> page.trace().stream())
                .toList();
    }

    private List<SettledPage> pagesAfter(long settled) {
        List<SettledPage> after = new ArrayList<>();
        long place = before;
        for (SettledPage page : pages) {
            if (place >= settled) {
                after.add(page);
            }
            place += page.rows();
        }
        return after;
    }
}
