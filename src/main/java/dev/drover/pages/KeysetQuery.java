package dev.drover.pages;

import dev.drover.ledger.Cursor;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that reads a table page by page in key order: {@code WHERE key > ? ORDER BY key LIMIT ?}. Names are quoted,
 * values are always bound. Immutable.
 *
 * @param dialect the engine's SQL
 * @param table the table or view, with or without its schema
 * @param columns the columns to read, the key among them; none for all
 * @param key the unique, ordered columns, none of them ever NULL
 */
public record KeysetQuery(Dialect dialect, String table, List<String> columns, List<String> key) {

    /**
     * Checks the key.
     *
     * @throws IllegalArgumentException when there is no key, or the columns lack a part of it
     */
    public KeysetQuery {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key: name at least one column of " + table);
        }
        for (String part : key) {
            if (!columns.isEmpty() && columns.stream().noneMatch(part::equalsIgnoreCase)) {
                throw new IllegalArgumentException("columns: the key column " + part + " must be among them");
            }
        }
    }

    /** Reads from the start of the table. */
    public String firstPage() {
        return firstPage(list());
    }

    /** Reads something else of the same rows. */
    String firstPage(String list) {
        return select(list) + order();
    }

    /** Reads what comes after a cursor. */
    public String nextPage() {
        return nextPage(list());
    }

    /** Reads something else of the same rows. */
    String nextPage(String list) {
        return select(list) + " WHERE " + (dialect.rowValues() || key.size() == 1 ? rowValues() : writtenOut())
                + order();
    }

    /**
     * Binds the parameters of {@link #firstPage()} or, with a cursor, of {@link #nextPage()}.
     *
     * @throws IllegalArgumentException when the cursor is not one of this key
     * @throws SQLException when the driver does not take a value
     */
    public void bind(PreparedStatement statement, @Nullable Cursor after, int limit) throws SQLException {
        int parameter = 1;
        if (after != null) {
            if (after.values().size() != key.size()) {
                throw new IllegalArgumentException("the cursor is of " + after.columns() + ", the key is " + key);
            }
            for (int part : parameters()) {
                dialect.bind(statement, parameter++, after.values().get(part));
            }
        }
        statement.setInt(parameter, limit);
    }

    /** Reads nothing, and so tells which columns there are. */
    String noRows() {
        return select(list()) + " WHERE 1 = 0";
    }

    /** The columns as they were named. */
    String list() {
        return columns.isEmpty() ? "*" : names(columns);
    }

    private String select(String list) {
        return "SELECT " + list + " FROM " + dialect.quote(table);
    }

    private String order() {
        return " ORDER BY " + names(key) + " " + dialect.limit();
    }

    private String names(List<String> identifiers) {
        return identifiers.stream().map(dialect::quote).collect(Collectors.joining(", "));
    }

    private String rowValues() {
        if (key.size() == 1) {
            return names(key) + " > ?";
        }
        return "(" + names(key) + ") > (" + String.join(", ", Collections.nCopies(key.size(), "?")) + ")";
    }

    /** The first condition says nothing new; without it engines read the index from its start. */
    private String writtenOut() {
        return dialect.quote(key.get(0)) + " >= ? AND " + after(0);
    }

    private String after(int part) {
        String name = dialect.quote(key.get(part));
        if (part == key.size() - 1) {
            return name + " > ?";
        }
        return "(" + name + " > ? OR (" + name + " = ? AND " + after(part + 1) + "))";
    }

    /** Which part of the key each parameter of the condition takes. */
    private List<Integer> parameters() {
        List<Integer> parts = new ArrayList<>();
        boolean repeated = key.size() > 1 && !dialect.rowValues();
        if (repeated) {
            parts.add(0);
        }
        for (int part = 0; part < key.size(); part++) {
            parts.add(part);
            if (repeated && part < key.size() - 1) {
                parts.add(part);
            }
        }
        return parts;
    }
}
