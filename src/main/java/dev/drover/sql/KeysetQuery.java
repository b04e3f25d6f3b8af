package dev.drover.sql;

import dev.drover.config.Consistency;
import dev.drover.config.OptionException;
import dev.drover.ledger.Cursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that reads a table page by page in key order: {@code WHERE key > ? ORDER BY key LIMIT ?}. Names are quoted,
 * and values are always bound. Immutable.
 *
 * @param names the SQL names of the table or view and its columns
 * @param columns the columns to read, including the key; empty for all
 * @param key the key columns, in order
 * @param consistency the mode; {@link Consistency#XID} adds its condition on the first key column
 */
public record KeysetQuery(
        Dialect dialect, Names names, List<String> columns, List<String> key, Consistency consistency) {

    /** The number of the oldest open transaction. All older transactions have ended, and their rows are visible. */
    public static final String BELOW_OPEN_TRANSACTIONS = "pg_snapshot_xmin(pg_current_snapshot())";

    /**
     * Checks the key.
     *
     * @throws OptionException if there is no key, or the columns lack a part of it
     */
    public KeysetQuery {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        if (key.isEmpty()) {
            throw new OptionException("key", "name at least one column");
        }
        requireNames(null, columns, key);
    }

    /**
     * Checks what needs no database: that the table has a name, and that the columns, if there are any, have the key
     * among them.
     *
     * @throws IllegalArgumentException naming the option
     */
    public static void requireNames(@Nullable String table, List<String> columns, List<String> key) {
        if (table != null && !Names.isName(table)) {
            throw new OptionException("table", "'" + table + "' is not the name of a table");
        }
        requireOnce("key", key);
        requireOnce("columns", columns);
        for (String part : key) {
            if (!columns.isEmpty() && columns.stream().noneMatch(part::equalsIgnoreCase)) {
                throw new OptionException("columns", "the key column " + part + " must be among them");
            }
        }
    }

    private static void requireOnce(String option, List<String> columns) {
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new OptionException(option, String.join(", ", columns) + " is not allowed, name each column once");
        }
    }

    /** A query whose names are quoted by {@link Dialect#quote}, without the catalog. */
    public KeysetQuery(Dialect dialect, String table, List<String> columns, List<String> key, Consistency consistency) {
        this(dialect, Names.plain(dialect, table), columns, key, consistency);
    }

    /**
     * A query of the table and columns that the catalog finds.
     *
     * @throws IllegalArgumentException if a name matches more than one table or column
     */
    public static KeysetQuery of(
            Connection connection, String table, List<String> columns, List<String> key, Consistency consistency)
            throws SQLException {
        return new KeysetQuery(Dialect.of(connection), Names.of(connection, table), columns, key, consistency);
    }

    /** The SQL of a page, with a parameter for each value that {@link #bind} binds. */
    public String sql(PageRequest page) {
        return sql(page, list());
    }

    /** The SQL of a page with another select list. */
    public String sql(PageRequest page, String list) {
        List<String> conditions = new ArrayList<>();
        if (page.after() != null) {
            conditions.add(beyond(">"));
        }
        if (page.upTo() != null) {
            conditions.add(beyond("<="));
        }
        if (consistency == Consistency.XID) {
            conditions.add(names.column(key.get(0)) + " < " + BELOW_OPEN_TRANSACTIONS);
        }
        if (!page.keys().isEmpty()) {
            conditions.add(in(page.keys().size()));
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return select(list) + where + " ORDER BY " + names(key) + " " + dialect.limit();
    }

    /**
     * Binds the parameters of {@link #sql}.
     *
     * @throws IllegalArgumentException if a cursor is of another key
     * @throws SQLException if the driver does not accept a value
     */
    public void bind(PreparedStatement statement, PageRequest page) throws SQLException {
        int parameter = bind(statement, 1, page.after());
        parameter = bind(statement, parameter, page.upTo());
        parameter = bindAll(statement, parameter, page.keys());
        statement.setInt(parameter, page.limit());
    }

    /**
     * The condition that a row has one of this number of keys. For MariaDB it compares each column, because a list of
     * row values does not find text if the column and the connection have different character sets.
     */
    public String in(int keys) {
        if (key.size() > 1 && dialect == Dialect.MARIADB) {
            String each = key.stream().map(part -> names.column(part) + " = ?").collect(Collectors.joining(" AND "));
            return "(" + String.join(" OR ", Collections.nCopies(keys, "(" + each + ")")) + ")";
        }
        String one = key.size() == 1 ? "?" : "(" + String.join(", ", Collections.nCopies(key.size(), "?")) + ")";
        String row = key.size() == 1 ? names(key) : "(" + names(key) + ")";
        return row + " IN (" + String.join(", ", Collections.nCopies(keys, one)) + ")";
    }

    /** Binds the parameters of {@link #in}. Returns the number of the next parameter. */
    public int bindAll(PreparedStatement statement, int first, List<Cursor> keys) throws SQLException {
        int parameter = first;
        for (Cursor each : keys) {
            for (Object value : each.values()) {
                dialect.bind(statement, parameter++, value);
            }
        }
        return parameter;
    }

    private int bind(PreparedStatement statement, int first, @Nullable Cursor cursor) throws SQLException {
        if (cursor == null) {
            return first;
        }
        if (cursor.values().size() != key.size()) {
            throw new IllegalArgumentException("the cursor is of " + cursor.columns() + ", the key is " + key);
        }
        int parameter = first;
        for (int part : parameters()) {
            dialect.bind(statement, parameter++, cursor.values().get(part));
        }
        return parameter;
    }

    /** Finds a row at or after the cursor of a page. {@link #bind} binds its parameters. */
    public String atOrAfter() {
        return select("1") + " WHERE " + beyond(">=") + " ORDER BY " + names(key) + " " + dialect.limit();
    }

    /** Finds the last key before the cursor of a page. {@link #bind} binds its parameters. */
    public String lastBefore() {
        String descending =
                key.stream().map(part -> names.column(part) + " DESC").collect(Collectors.joining(", "));
        return select(names(key)) + " WHERE " + beyond("<") + " ORDER BY " + descending + " " + dialect.limit();
    }

    /** Reads the keys of all rows. */
    public String allKeys() {
        return select(names(key));
    }

    /** Reads no rows, but returns the columns. */
    public String noRows(String list) {
        return select(list) + " WHERE 1 = 0";
    }

    /** The select list: the columns, or {@code *} for all. */
    public String list() {
        return columns.isEmpty() ? "*" : names(columns);
    }

    private String select(String list) {
        return "SELECT " + list + " FROM " + names.table();
    }

    public String names(List<String> identifiers) {
        return identifiers.stream().map(names::column).collect(Collectors.joining(", "));
    }

    /** Compares the key with a cursor: {@code >}, {@code >=}, {@code <} or {@code <=}. */
    private String beyond(String operator) {
        if (key.size() == 1) {
            return names(key) + " " + operator + " ?";
        }
        if (dialect.rowValues()) {
            return "(" + names(key) + ") " + operator + " (" + String.join(", ", Collections.nCopies(key.size(), "?"))
                    + ")";
        }
        // The first condition is redundant, but without it engines read the index from its start.
        return names.column(key.get(0)) + " " + operator.charAt(0) + "= ? AND " + beyond(operator, 0);
    }

    private String beyond(String operator, int part) {
        String name = names.column(key.get(part));
        if (part == key.size() - 1) {
            return name + " " + operator + " ?";
        }
        return "(" + name + " " + operator.charAt(0) + " ? OR (" + name + " = ? AND " + beyond(operator, part + 1)
                + "))";
    }

    /** The part of the key for each parameter of the condition. */
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
