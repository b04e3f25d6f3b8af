package dev.drover.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key after which the next page is read: one value for each key column, in key order. Immutable.
 *
 * @param columns the names of the key columns, in key order, at least one
 * @param values the value of each column, never null, of the Java type the column was read as
 */
public record Cursor(List<String> columns, List<Object> values) {

    /** The key of every change log: the number of a change. */
    public static final String CHANGE_ID = "change_id";

    public Cursor {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
        if (columns.isEmpty() || columns.size() != values.size()) {
            throw new IllegalArgumentException(
                    "a cursor needs one value for each of its columns " + columns + ", not " + values.size());
        }
    }

    /**
     * The key of a row.
     *
     * @param key the key columns, in key order
     * @param row a {@link Map} by column name
     * @throws IllegalStateException if a key column is missing or NULL; the message names the column
     */
    public static Cursor of(List<String> key, Object row) {
        if (!(row instanceof Map<?, ?> columns)) {
            throw new IllegalStateException("a page must be a list of rows, each a map by column name, not of "
                    + row.getClass().getName());
        }
        List<Object> values = new ArrayList<>(key.size());
        for (String column : key) {
            Object value = columns.containsKey(column) ? columns.get(column) : null;
            if (value == null) {
                throw new IllegalStateException("key column " + column
                        + (columns.containsKey(column) ? " is NULL in a row" : " is not among the columns read"));
            }
            values.add(value);
        }
        return new Cursor(key, values);
    }

    /** The value that a read step binds: the value itself for one column, a map by column name for several. */
    public Object asVariable() {
        return columns.size() == 1 ? values.get(0) : asRow();
    }

    /** The values by column name, in key order. */
    public Map<String, Object> asRow() {
        Map<String, Object> byColumn = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            byColumn.put(columns.get(i), values.get(i));
        }
        return Collections.unmodifiableMap(byColumn);
    }

    /** The values as texts, the same in each process; bytes in hexadecimal digits. */
    public List<String> texts() {
        return values.stream().map(Cursor::text).toList();
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
    }

    /** Compares the contents of byte arrays too. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cursor cursor
                && columns.equals(cursor.columns)
                && Arrays.deepEquals(values.toArray(), cursor.values.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * columns.hashCode() + Arrays.deepHashCode(values.toArray());
    }

    /** The text for people: {@code id=10030}, or {@code tenant=7, id=12}. {@link CursorLiteral} can read each value. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(columns.get(i))
                    .append('=')
                    .append(CursorLiteral.write(values.get(i)));
        }
        return text.toString();
    }
}
