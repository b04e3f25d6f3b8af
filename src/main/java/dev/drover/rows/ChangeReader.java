package dev.drover.rows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.ledger.Cursor;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.PageRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a change log page by page, and the current row of each change. Of several changes of a key, only the last one in
 * the page is returned. The rows are read after the page, so a row is at least as new as its change. If the row changes
 * again, a later page has that change. So the last record of each key has the last state of its row. If records have the row
 * before a change, it is the row before the first of these changes. Thread-safe.
 *
 * @param log reads the number, the operation and the key of each change, and in between the row before it if the records
 *     have it
 * @param rows reads the table by its key
 * @param columns the columns of the records
 */
public record ChangeReader(PageReader log, TableReader rows, Columns columns) implements PageReader {

    /** The columns of a record. */
    public static final Columns COLUMNS = new Columns(List.of(ChangeLog.ID, "operation", "key", "row"));

    /** The columns of a record whose log may have the row before a change. */
    public static final Columns WITH_BEFORE = new Columns(List.of(ChangeLog.ID, "operation", "key", "row", "before"));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LOG_KEY = List.of(ChangeLog.ID);
    private static final String UPSERT = "upsert";
    private static final String DELETE = "delete";

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
        Map<Cursor, SourceRecord> first = new HashMap<>();
        Map<Cursor, SourceRecord> last = new LinkedHashMap<>();
        for (SourceRecord change : changes) {
            Cursor changed = change.cursor(rows.key());
            first.putIfAbsent(changed, change);
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
            page.records().forEach(row -> found.put(row.cursor(rows.key()), row));
        }
        List<SourceRecord> records = new ArrayList<>(last.size());
        Columns keyColumns = changes.isEmpty() ? columns : keyColumns(changes.get(0));
        last.forEach((changed, change) -> records.add(record(
                change,
                change.part(keyColumns),
                found.get(changed),
                before(Objects.requireNonNull(first.get(changed))))));
        return new Page(records, end, drained);
    }

    private @Nullable SourceRecord before(SourceRecord change) {
        return columns == WITH_BEFORE ? (SourceRecord) change.value(ChangeLog.BEFORE) : null;
    }

    /** The key columns, which are the last columns of the log. */
    private Columns keyColumns(SourceRecord change) {
        List<String> names = change.columns().names();
        return new Columns(names.subList(names.size() - rows.key().size(), names.size()));
    }

    /** The record of a row that exists, without a row before. */
    public static SourceRecord upsert(Columns columns, Object id, List<String> key, SourceRecord row) {
        Object[] values = row.cursor(key).values().toArray();
        SourceRecord keys = new SourceRecord(new Columns(key), values, null);
        return new SourceRecord(
                columns, Arrays.copyOf(new Object[] {id, UPSERT, keys, row}, columns.size()), row.unrepresentable());
    }

    /** The key of the row in a change that was sent as JSON; empty if it is not there. */
    public static Optional<Cursor> sentKey(@Nullable String payload, List<String> key) {
        try {
            JsonNode sent = JSON.readTree(String.valueOf(payload)).path("key");
            List<Object> values = new ArrayList<>();
            for (String part : key) {
                JsonNode value = sent.path(part);
                if (!value.isTextual() && !(value.isIntegralNumber() && value.canConvertToLong())) {
                    return Optional.empty();
                }
                values.add(value.isTextual() ? value.textValue() : (Object) value.longValue());
            }
            return Optional.of(new Cursor(key, values));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The change of this number and key, with the current row. The key need not have the Java types of the row. */
    public static Page again(Cursor number, Cursor changed, TableReader rows) throws SQLException {
        Page page = rows.read(PageRequest.of(List.of(changed)));
        Object id = number.values().get(0);
        SourceRecord key =
                new SourceRecord(new Columns(rows.key()), changed.values().toArray(), null);
        SourceRecord record = page.records().isEmpty()
                ? new SourceRecord(WITH_BEFORE, new Object[] {id, DELETE, key, null, null}, null)
                : upsert(WITH_BEFORE, id, rows.key(), page.records().get(0));
        return new Page(List.of(record), number, true);
    }

    private SourceRecord record(
            SourceRecord change, SourceRecord changed, @Nullable SourceRecord row, @Nullable SourceRecord before) {
        SourceRecord known = before != null && before.unrepresentable() == null ? before : null;
        @Nullable Object[] values = {change.value(ChangeLog.ID), row == null ? DELETE : UPSERT, changed, row, known};
        String refused = Stream.of(change, row)
                .map(part -> part == null ? null : part.unrepresentable())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return new SourceRecord(columns, Arrays.copyOf(values, columns.size()), refused);
    }
}
