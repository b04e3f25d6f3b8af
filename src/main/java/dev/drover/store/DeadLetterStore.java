package dev.drover.store;

import dev.drover.ledger.SettlementException;
import dev.drover.ledger.Traced;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;

/**
 * The dead letters in the store. Every method throws {@link SettlementException} if the store cannot be used now.
 * Thread-safe.
 *
 * @param store a store with an up-to-date schema
 */
public record DeadLetterStore(DataSource store) {

    private static final String COLUMNS =
            "SELECT id, pipeline, destination, record_key, cursor_json, reason, status, payload, created_at FROM drover_dead_letter";
    private static final String OUTLINE = COLUMNS.replace("payload", "CASE WHEN payload IS NULL THEN NULL ELSE '' END");
    static final String REMOVED =
            "UPDATE drover_checkpoint SET letters_removed = letters_removed + ? WHERE pipeline = ?";
    private static final String ORDER = " ORDER BY created_at, id";

    /**
     * The dead letters in the bean {@code store} of a context; its schema is up to date once a pipeline has started.
     */
    public static DeadLetterStore of(CamelContext context) {
        return new DeadLetterStore(CamelContextHelper.mandatoryLookup(context, "store", DataSource.class));
    }

    /**
     * The selected dead letters, oldest first.
     *
     * @param most the largest number; 0 for all
     */
    public List<DeadLetter> list(Selection selection, int most) {
        return list(COLUMNS, selection, most);
    }

    /** Like {@link #list}, but with an empty text instead of each payload, which may be long. */
    public List<DeadLetter> outlines(Selection selection, int most) {
        return list(OUTLINE, selection, most);
    }

    private List<DeadLetter> list(String columns, Selection selection, int most) {
        Selection.Where where = selection.where();
        String sql = columns + where.sql() + ORDER + (most == 0 ? "" : " LIMIT " + most);
        return on(transaction ->
                transaction.list(sql, DeadLetterStore::letter, where.values().toArray()));
    }

    /**
     * The dead letter with this id and the beginning of its payload. Not more of the payload is loaded.
     *
     * @param most the largest number of characters of the payload
     */
    public Optional<DeadLetter.Cut> cut(String id, int most) {
        String begun = ", CHAR_LENGTH(payload), SUBSTRING(payload, 1, " + (most + 1) + ") FROM ";
        String sql = OUTLINE.replace(" FROM ", begun) + " WHERE id = ?";
        return on(transaction -> transaction.first(sql, (row, i) -> cut(row, most), id));
    }

    private static DeadLetter.Cut cut(ResultSet row, int most) throws SQLException {
        String begun = row.getString(11);
        boolean cut = begun != null && begun.length() > most;
        return new DeadLetter.Cut(letter(row, 1).with(cut ? whole(begun, most) : begun), row.getLong(10), cut);
    }

    /** The beginning of a text, without half of a surrogate pair. */
    private static String whole(String text, int most) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** The ids of the selected dead letters, oldest first. */
    public List<String> ids(Selection selection) {
        Selection.Where where = selection.where();
        String sql = "SELECT id FROM drover_dead_letter" + where.sql() + ORDER;
        return on(transaction -> transaction.list(
                sql, (row, i) -> row.getString(1), where.values().toArray()));
    }

    /** The dead letters with these ids that still exist, oldest first. */
    public List<DeadLetter> read(List<String> ids) {
        String sql = COLUMNS + " WHERE id IN " + marks(ids) + ORDER;
        return ids.isEmpty()
                ? List.of()
                : on(transaction -> transaction.list(sql, DeadLetterStore::letter, ids.toArray()));
    }

    /**
     * The ids of dead letters that still exist, oldest first, in parts whose payloads are loaded together.
     *
     * @param most the largest number of characters in the payloads of a part; a longer payload is a part by itself
     */
    public List<List<String>> parts(List<String> ids, long most) {
        if (ids.isEmpty()) {
            return List.of();
        }
        record Length(String id, long characters) {}
        String sql = "SELECT id, COALESCE(CHAR_LENGTH(payload), 0) FROM drover_dead_letter WHERE id IN " + marks(ids)
                + ORDER;
        List<Length> lengths = on(transaction ->
                transaction.list(sql, (row, i) -> new Length(row.getString(1), row.getLong(2)), ids.toArray()));
        List<List<String>> parts = new ArrayList<>();
        long characters = 0;
        for (Length each : lengths) {
            characters += each.characters();
            if (parts.isEmpty() || characters > most) {
                parts.add(new ArrayList<>());
                characters = each.characters();
            }
            parts.get(parts.size() - 1).add(each.id());
        }
        return parts;
    }

    /** The number of selected dead letters. */
    public long count(Selection selection) {
        Selection.Where where = selection.where();
        String sql = "SELECT COUNT(*) FROM drover_dead_letter" + where.sql();
        return on(transaction -> transaction.first(
                        sql, (row, i) -> row.getLong(1), where.values().toArray()))
                .orElse(0L);
    }

    /**
     * The number of dead letters of each pipeline that has some.
     *
     * @param parked whether to count parked records instead
     */
    public Map<String, Long> countByPipeline(boolean parked) {
        String sql = "SELECT pipeline, COUNT(*) FROM drover_dead_letter WHERE "
                + (parked ? Selection.PARKED : Selection.LETTER) + " GROUP BY pipeline";
        Map<String, Long> counts = new TreeMap<>();
        on(transaction -> transaction.list(sql, (row, i) -> counts.put(row.getString(1), row.getLong(2))));
        return counts;
    }

    /** Keeps what became of rows that were sent again. */
    public void trace(String pipeline, List<Traced> rows) {
        new Traces(store).write(pipeline, rows);
    }

    /** Deletes the selected dead letters. Returns their number. */
    public long delete(Selection selection) {
        Selection.Where where = selection.where();
        return delete(where.sql(), where.values().toArray());
    }

    /** Deletes the dead letter with this id, if it exists. */
    public void delete(String id) {
        delete(List.of(id));
    }

    /**
     * Deletes some of the oldest dead letters of a pipeline. Returns their number.
     *
     * @param before deletes only dead letters that were set aside before this time
     * @param most the largest number
     */
    public int deleteBefore(String pipeline, Instant before, int most) {
        String sql = "SELECT id FROM drover_dead_letter WHERE pipeline = ? AND created_at < ? AND " + Selection.LETTER
                + ORDER + " LIMIT " + most;
        List<String> ids = on(
                transaction -> transaction.list(sql, (row, i) -> row.getString(1), pipeline, Timestamp.from(before)));
        return ids.isEmpty() ? 0 : delete(ids);
    }

    private int delete(List<String> ids) {
        return delete(" WHERE id IN " + marks(ids), ids.toArray());
    }

    /** Deletes and counts in one transaction, so that an audit finds dead letters that disappear in any other way. */
    private int delete(String where, Object... values) {
        String ofOne = where + " AND pipeline = ?";
        return on(transaction -> {
            int deleted = 0;
            for (String pipeline : transaction.list(
                    "SELECT DISTINCT pipeline FROM drover_dead_letter" + where, (row, i) -> row.getString(1), values)) {
                Object[] all = Arrays.copyOf(values, values.length + 1);
                all[values.length] = pipeline;
                int some = transaction.update("DELETE FROM drover_dead_letter" + ofOne, all);
                transaction.update(REMOVED, some, pipeline);
                deleted += some;
            }
            return deleted;
        });
    }

    private static String marks(List<String> ids) {
        return "(" + String.join(", ", Collections.nCopies(ids.size(), "?")) + ")";
    }

    private static DeadLetter letter(ResultSet row, int number) throws SQLException {
        return new DeadLetter(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getObject(7, Integer.class),
                row.getString(8),
                row.getTimestamp(9).toInstant());
    }

    private <T> T on(Transaction.Work<T> work) {
        return Transaction.on(store, "the dead letters cannot be read or written now", work);
    }
}
