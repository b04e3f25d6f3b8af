package dev.drover.store;

import java.io.IOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;

/**
 * The dead letters in the store. Every method throws {@link DeadLetterException} if the store cannot be used now.
 * Thread-safe.
 */
public final class DeadLetterStore {

    private static final String COLUMNS =
            "SELECT id, pipeline, destination, record_key, cursor_json, reason, status, payload, created_at FROM drover_dead_letter";
    private static final String OUTLINE = COLUMNS.replace("payload", "CASE WHEN payload IS NULL THEN NULL ELSE '' END");
    private static final String ORDER = " ORDER BY created_at, id";

    private final DataSource store;

    /**
     * Dead letters in a store.
     *
     * @param store whose schema is up to date
     */
    public DeadLetterStore(DataSource store) {
        this.store = store;
    }

    /**
     * The dead letters in the bean {@code store} of a context; its schema is up to date once a pipeline has started.
     */
    public static DeadLetterStore of(CamelContext context) {
        return new DeadLetterStore(CamelContextHelper.mandatoryLookup(context, "store", DataSource.class));
    }

    /**
     * The selected dead letters, oldest first.
     *
     * @param most how many at most
     */
    public List<DeadLetter> list(Selection selection, int most) {
        return list(COLUMNS, selection, most);
    }

    /** Like {@link #list}, but without loading payloads, which may be long: a payload is an empty text. */
    public List<DeadLetter> outlines(Selection selection, int most) {
        return list(OUTLINE, selection, most);
    }

    /**
     * The dead letter with this id and the beginning of its payload. No more of the payload is read from a file.
     *
     * @param most characters of the payload at most
     */
    public Optional<CutDeadLetter> cut(String id, int most) {
        return on(OUTLINE.replace(" FROM ", ", CHAR_LENGTH(payload), payload FROM ") + " WHERE id = ?", statement -> {
            statement.setString(1, id);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                DeadLetter outline = letter(rows);
                long length = rows.getLong(10);
                try (Reader payload = rows.getCharacterStream(11)) {
                    String begun = payload == null ? null : beginning(payload, most + 1);
                    return Optional.of(
                            begun != null && begun.length() > most
                                    ? new CutDeadLetter(outline.with(whole(begun, most)), length, true)
                                    : new CutDeadLetter(outline.with(begun), length, false));
                }
            } catch (IOException e) {
                throw new SQLException(e);
            }
        });
    }

    private static String beginning(Reader payload, int most) throws IOException {
        char[] read = new char[most];
        int length = 0;
        for (int more = 0; more >= 0 && length < most; length += Math.max(more, 0)) {
            more = payload.read(read, length, most - length);
        }
        return new String(read, 0, length);
    }

    /** At most this many chars, without half of a surrogate pair. */
    private static String whole(String text, int most) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    private List<DeadLetter> list(String columns, Selection selection, int most) {
        SelectionSql sql = new SelectionSql(selection);
        return on(columns + sql.where() + ORDER, statement -> {
            sql.bind(statement);
            statement.setMaxRows(most);
            return letters(statement);
        });
    }

    /** The ids of the selected dead letters, oldest first. */
    public List<String> ids(Selection selection) {
        SelectionSql sql = new SelectionSql(selection);
        return on("SELECT id FROM drover_dead_letter" + sql.where() + ORDER, statement -> {
            sql.bind(statement);
            return strings(statement);
        });
    }

    /** The dead letters with these ids that are still there, oldest first. */
    public List<DeadLetter> read(List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
        return on(COLUMNS + " WHERE id IN (" + marks + ")" + ORDER, statement -> {
            for (int i = 0; i < ids.size(); i++) {
                statement.setString(i + 1, ids.get(i));
            }
            return letters(statement);
        });
    }

    /**
     * The dead letters with these ids that are still there, oldest first, in parts whose payloads are read together.
     *
     * @param most how many characters the payloads of a part may have; a longer payload is a part by itself
     */
    public List<List<String>> parts(List<String> ids, long most) {
        if (ids.isEmpty()) {
            return List.of();
        }
        String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
        String lengths = "SELECT id, COALESCE(CHAR_LENGTH(payload), 0) FROM drover_dead_letter WHERE id IN (";
        return on(lengths + marks + ")" + ORDER, statement -> {
            for (int i = 0; i < ids.size(); i++) {
                statement.setString(i + 1, ids.get(i));
            }
            List<List<String>> parts = new ArrayList<>();
            long length = most;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    length += rows.getLong(2);
                    if (parts.isEmpty() || length > most) {
                        parts.add(new ArrayList<>());
                        length = rows.getLong(2);
                    }
                    parts.get(parts.size() - 1).add(rows.getString(1));
                }
            }
            return parts;
        });
    }

    /** How many are selected. */
    public long count(Selection selection) {
        SelectionSql sql = new SelectionSql(selection);
        return on("SELECT COUNT(*) FROM drover_dead_letter" + sql.where(), statement -> {
            sql.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0L;
            }
        });
    }

    /** The number of dead letters of each pipeline that has some. */
    public Map<String, Long> countByPipeline() {
        return on("SELECT pipeline, COUNT(*) FROM drover_dead_letter GROUP BY pipeline", statement -> {
            Map<String, Long> counts = new TreeMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    counts.put(rows.getString(1), rows.getLong(2));
                }
            }
            return counts;
        });
    }

    /** Deletes the selected dead letters for good; returns how many. */
    public long delete(Selection selection) {
        SelectionSql sql = new SelectionSql(selection);
        return on("DELETE FROM drover_dead_letter" + sql.where(), statement -> {
            sql.bind(statement);
            return (long) statement.executeUpdate();
        });
    }

    /** Deletes the dead letter with this id; does nothing if there is none. */
    public void delete(String id) {
        int unused = on("DELETE FROM drover_dead_letter WHERE id = ?", statement -> {
            statement.setString(1, id);
            return statement.executeUpdate();
        });
    }

    /**
     * Deletes the oldest dead letters of a pipeline, a few only; returns how many.
     *
     * @param before only dead letters that were set aside before this time
     * @param most how many at most
     */
    public int deleteBefore(String pipeline, Instant before, int most) {
        List<String> ids =
                on("SELECT id FROM drover_dead_letter WHERE pipeline = ? AND created_at < ?" + ORDER, statement -> {
                    statement.setString(1, pipeline);
                    statement.setTimestamp(2, Timestamp.from(before));
                    statement.setMaxRows(most);
                    return strings(statement);
                });
        return ids.isEmpty() ? 0 : delete(ids);
    }

    private int delete(List<String> ids) {
        String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
        return on("DELETE FROM drover_dead_letter WHERE id IN (" + marks + ")", statement -> {
            for (int i = 0; i < ids.size(); i++) {
                statement.setString(i + 1, ids.get(i));
            }
            return statement.executeUpdate();
        });
    }

    private static List<String> strings(PreparedStatement statement) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
        }
        return strings;
    }

    private static List<DeadLetter> letters(PreparedStatement statement) throws SQLException {
        List<DeadLetter> letters = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                letters.add(letter(rows));
            }
        }
        return letters;
    }

    private static DeadLetter letter(ResultSet rows) throws SQLException {
        return new DeadLetter(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getString(6),
                rows.getObject(7, Integer.class),
                rows.getString(8),
                rows.getTimestamp(9).toInstant());
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private <T> T on(String sql, Work<T> work) {
        try (Connection connection = store.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            T result = work.on(statement);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            return result;
        } catch (SQLException e) {
            throw new DeadLetterException("the dead letters cannot be read or written now", e);
        }
    }
}
