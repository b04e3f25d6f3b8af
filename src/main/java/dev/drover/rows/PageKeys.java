package dev.drover.rows;

import dev.drover.ledger.Cursor;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** The keys of the rows of a page as they were read. A later change of a row does not change its key. Immutable. */
public final class PageKeys extends AbstractList<Cursor> implements RandomAccess {

    private final List<String> key;
    private final int size;

    /** The values row by row. */
    private final Object[] values;

    private PageKeys(List<String> key, int size, Object[] values) {
        this.key = key;
        this.size = size;
        this.values = values;
    }

    /**
     * Takes the keys of rows.
     *
     * @param rows maps by column name
     * @throws IllegalStateException if a key column is missing or NULL; the message names the column
     */
    public static PageKeys of(List<String> key, List<?> rows) {
        Object[] values = new Object[rows.size() * key.size()];
        @Nullable Columns columns = null;
        int[] indexes = new int[key.size()];
        int next = 0;
        for (Object row : rows) {
            if (row instanceof SourceRecord record) {
                if (record.columns() != columns) {
                    columns = record.columns();
                    Arrays.setAll(indexes, part -> record.existing(key.get(part)));
                }
                for (int part = 0; part < indexes.length; part++) {
                    values[next++] = kept(record.keyAt(indexes[part]));
                }
            } else {
                for (String column : key) {
                    values[next++] = kept(value(row, column));
                }
            }
        }
        return new PageKeys(key, rows.size(), values);
    }

    /** Whether a row, which may be any object, has the key at this index. */
    public boolean has(int index, Object row) {
        if (!(row instanceof Map<?, ?> columns)) {
            return false;
        }
        for (int part = 0; part < key.size(); part++) {
            if (!Objects.deepEquals(columns.get(key.get(part)), value(index, part))) {
                return false;
            }
        }
        return true;
    }

    private static Object value(@Nullable Object row, String column) {
        if (!(row instanceof Map<?, ?> columns)) {
            throw new IllegalStateException("a page must be a list of rows, each a map by column name, not of "
                    + (row == null ? "null" : row.getClass().getName()));
        }
        Object value = columns.get(column);
        if (value == null) {
            throw new UnorderedPageException(
                    columns.containsKey(column)
                            ? "the key column " + column + " is NULL: a key must never be NULL"
                            : "the key column " + column + " is not among the columns read");
        }
        return value;
    }

    /** A copy of a mutable value. */
    @SuppressWarnings("JavaUtilDate") // a driver's own times can be set to others
    private static Object kept(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        return value instanceof Date date ? date.clone() : value;
    }

    /** The keys of the first rows. */
    public PageKeys first(int rows) {
        return rows == size ? this : new PageKeys(key, rows, values);
    }

    /** The number of key columns. */
    int parts() {
        return key.size();
    }

    Object value(int index, int part) {
        return values[index * key.size() + part];
    }

    @Override
    public Cursor get(int index) {
        int from = index * key.size();
        // unmodifiable, so that the cursor need not copy it for each record
        return new Cursor(
                key,
                key.size() == 1 ? List.of(values[from]) : List.of(Arrays.copyOfRange(values, from, from + key.size())));
    }

    @Override
    public int size() {
        return size;
    }
}
