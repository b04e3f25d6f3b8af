package dev.drover.rows;

import dev.drover.ledger.Cursor;
import dev.drover.sql.PageRequest;
import java.sql.SQLException;
import java.util.List;

/**
 * Reads a change log whose beginning is deleted from time to time.
 *
 * @param log reads the number, the operation and the key of each change
 */
public record PrunedLog(TableReader log) implements PageReader {

    /**
     * Reads one page of changes.
     *
     * @throws UnorderedPageException if changes behind the cursor were deleted
     */
    @Override
    public Page read(PageRequest request) throws SQLException {
        Page page = log.read(request);
        if (request.after() != null) {
            requireNext(request.after());
        }
        return page;
    }

    /** Only the beginning of a log is ever deleted. If the log begins after the next change, changes are missing. */
    private void requireNext(Cursor after) throws SQLException {
        List<SourceRecord> first = log.read(PageRequest.after(null, 1)).records();
        long next = ((Number) after.values().get(0)).longValue() + 1;
        if (!first.isEmpty() && ((Number) first.get(0).keyAt(0)).longValue() > next) {
            throw new UnorderedPageException("changes after " + after + " are missing: the log begins at "
                    + first.get(0).cursor(log.key())
                    + ": it was created again, or another pipeline deleted the changes that"
                    + " it had settled; let the pipeline begin again with drover checkpoint reset");
        }
    }
}
