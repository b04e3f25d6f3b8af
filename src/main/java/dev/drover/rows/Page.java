package dev.drover.rows;

import dev.drover.ledger.Cursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one query. Immutable.
 *
 * @param records the rows, in key order
 * @param last the key of the last row, after which the next page starts; null if there are no rows
 * @param drained whether there are no rows after these for now
 */
public record Page(List<SourceRecord> records, @Nullable Cursor last, boolean drained) {

    public Page {
        records = List.copyOf(records);
    }
}
