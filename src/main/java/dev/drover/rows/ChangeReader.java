package dev.drover.rows;

import dev.drover.ledger.Cursor;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.PageRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a change log page by page, and the current row of each change. Of several changes of a key, only the last one in
 * the page is returned. The rows are read after the page, so a row is at least as new as its change. If the row changes
 * again, a later page has that change. So the last record of each key has the last state of its row. Thread-safe.
 */
public final class ChangeReader implements PageReader {

    private static final Columns COLUMNS = new Columns(List.of(ChangeLog.ID, "operation", "key", "row"));
    private static final List<String> LOG_KEY = List.of(ChangeLog.ID);
    private static final String UPSERT = "upsert";
    private static final String DELETE = "delete";

    private final PageReader log;
    private final TableReader rows;
    private final List<String> key;

    /**
     * Creates a reader.
     *
     * @param log reads the number, the operation and the key of each change
     * @param rows reads the table by its key
     */
    public ChangeReader(PageReader log, TableReader rows) {
        this.log = log;
        this.rows = rows;
        this.key = rows.key();
    }

    /**
     * Reads one page of changes.
     *
     * @throws UnorderedPageException if the table was truncated, or if unread changes were deleted
     */
    @Override
    public Page read(PageRequest request) throws SQLException {
        Page page = log.read(request);
        List<SourceRecord> changes = page.records();
        int end = beforeTruncate(changes);
        if (end == 0 && !changes.isEmpty()) {
            throw new UnorderedPageException("the table was truncated at "
                    + changes.get(0).cursor(LOG_KEY)
                    + ", so which rows are gone is not known; delete all of them at the"
                    + " destination, then set the checkpoint to this key with drover checkpoint set");
        }
        return end == changes.size()
                ? withRows(changes, page.last(), page.drained())
                : withRows(changes.subList(0, end), last(changes, end), false);
    }

    private static int beforeTruncate(List<SourceRecord> changes) {
        int end = 0;
        while (end < changes.size()
                && !ChangeLog.TRUNCATE.equals(changes.get(end).value(ChangeLog.OPERATION))) {
            end++;
        }
        return end;
    }

    private static Cursor last(List<SourceRecord> changes, int size) {
        return changes.get(size - 1).cursor(LOG_KEY);
    }

    private Page withRows(List<SourceRecord> changes, @Nullable Cursor end, boolean drained) throws SQLException {
        Map<Cursor, SourceRecord> last = new LinkedHashMap<>();
        for (SourceRecord change : changes) {
            Cursor changed = change.cursor(key);
            last.remove(changed); // records are in the order of the last changes
            last.put(changed, change);
        }
        Map<Cursor, SourceRecord> found = new HashMap<>();
        if (!last.isEmpty()) {
            // asks for one row more than there are keys, so the page is full only if the rows are too long for it
            PageRequest all = new PageRequest(null, null, last.size() + 1, List.copyOf(last.keySet()));
            Page page = rows.read(all);
            if (!page.drained() && last.size() > 1) {
                int half = changes.size() / 2;
                return withRows(changes.subList(0, half), last(changes, half), false);
            }
            page.records().forEach(row -> found.put(row.cursor(key), row));
        }
        List<SourceRecord> records = new ArrayList<>(last.size());
        Columns columns = changes.isEmpty() ? COLUMNS : keyColumns(changes.get(0));
        last.forEach((changed, change) -> records.add(record(change, columns, found.get(changed))));
        return new Page(records, end, drained);
    }

    /** The key columns, which are the last columns of the log. */
    private Columns keyColumns(SourceRecord change) {
        List<String> names = change.columns().names();
        return new Columns(names.subList(names.size() - key.size(), names.size()));
    }

    /** The record of a row that exists. */
    public static SourceRecord upsert(long id, List<String> key, SourceRecord row) {
        Object[] values = row.cursor(key).values().toArray();
        return new SourceRecord(
                COLUMNS,
                new Object[] {id, UPSERT, new SourceRecord(new Columns(key), values, null), row},
                row.unrepresentable());
    }

    private static SourceRecord record(SourceRecord change, Columns keyColumns, @Nullable SourceRecord row) {
        @Nullable
        Object[] values = {change.value(ChangeLog.ID), row == null ? DELETE : UPSERT, change.part(keyColumns), row};
        String refused = change.unrepresentable();
        return new SourceRecord(COLUMNS, values, refused == null && row != null ? row.unrepresentable() : refused);
    }
}
