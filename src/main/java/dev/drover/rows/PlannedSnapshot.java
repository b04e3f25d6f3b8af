package dev.drover.rows;

import dev.drover.ledger.Cursor;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.PageRequest;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a first run would read, without its writes: the existing rows, and then the change log. The changes of these
 * rows have no number yet. They are counted from 1, which is lower than any number of a log. For one thread.
 */
public final class PlannedSnapshot implements PageReader {

    private final PageReader changes;
    private final TableReader rows;
    private final Columns columns;
    private @Nullable Cursor last;
    private long count;
    private boolean ended;

    /**
     * Prepares for a table.
     *
     * @param changes reads its log
     * @param rows reads the table by its key
     * @param columns the columns of the records
     */
    public PlannedSnapshot(PageReader changes, TableReader rows, Columns columns) {
        this.changes = changes;
        this.rows = rows;
        this.columns = columns;
    }

    @Override
    public Page read(PageRequest request) throws SQLException {
        Cursor after = request.after();
        boolean among = after == null || ((Number) after.values().get(0)).longValue() == count;
        if (among && !ended) {
            Page page = rows.read(PageRequest.after(last, request.limit()));
            ended = page.drained();
            last = page.last();
            if (last != null) {
                List<SourceRecord> upserts = page.records().stream()
                        .map(row -> ChangeReader.upsert(columns, ++count, rows.key(), row))
                        .toList();
                return new Page(upserts, new Cursor(List.of(ChangeLog.ID), List.of(count)), false);
            }
        }
        return changes.read(among ? PageRequest.after(null, request.limit()) : request);
    }
}
