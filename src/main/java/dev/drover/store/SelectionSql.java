package dev.drover.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A selection as the condition of a statement: its text and its parameters, in order. */
final class SelectionSql {

    private final List<String> conditions = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();

    SelectionSql(Selection selection) {
        if (!selection.ids().isEmpty()) {
            List<String> each = Collections.nCopies(selection.ids().size(), "id LIKE ? ESCAPE '!'");
            add("(" + String.join(" OR ", each) + ")");
            selection.ids().forEach(id -> parameters.add(escaped(id.toLowerCase(Locale.ROOT)) + "%"));
        }
        if (selection.pipeline() != null) {
            add("pipeline = ?", selection.pipeline());
        }
        if (selection.destination() != null) {
            add("destination = ?", selection.destination());
        }
        if (selection.reason() != null) {
            add(
                    "LOWER(reason) LIKE ? ESCAPE '!'",
                    "%" + escaped(selection.reason().toLowerCase(Locale.ROOT)) + "%");
        }
        if (selection.status() != null) {
            add("status = ?", selection.status());
        }
        if (selection.since() != null) {
            add("created_at >= ?", Timestamp.from(selection.since()));
        }
        if (selection.until() != null) {
            add("created_at < ?", Timestamp.from(selection.until()));
        }
    }

    private void add(String condition, Object... values) {
        conditions.add(condition);
        Collections.addAll(parameters, values);
    }

    private static String escaped(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    /** {@code WHERE ...}, or nothing where everything is meant. */
    String where() {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    /** Binds the parameters, from the first of the statement on. */
    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, parameters.get(i));
        }
    }
}
