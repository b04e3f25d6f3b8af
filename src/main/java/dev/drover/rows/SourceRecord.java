package dev.drover.rows;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.NoSuchColumnException;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One row on its way, as a read-only map from column to value. It holds nothing but its values and the
 * {@link Columns} it shares with its page; names are found without regard to case when no column has exactly that
 * name. Camel's JSON data format writes it exactly, without configuration. Immutable as long as no code writes into a
 * {@code byte[]} value.
 */
@JsonSerialize(using = SourceRecordSerializer.class)
public final class SourceRecord extends AbstractMap<String, @Nullable Object> {

    private final Columns columns;
    private final @Nullable Object[] values;
    private final @Nullable String unrepresentable;

    /**
     * Takes the array without a copy: the caller must not use it any more.
     *
     * @param values what the columns were read as: the value, or a {@link ColumnText} that becomes it
     */
    SourceRecord(Columns columns, @Nullable Object[] values, @Nullable String unrepresentable) {
        this.columns = columns;
        this.values = values;
        this.unrepresentable = unrepresentable;
    }

    /**
     * Why this record cannot be sent, naming the column; null for every other record. A value of it that is too long
     * or has no form in JSON is missing here, as if it were NULL; the record becomes a dead letter by its key.
     */
    public @Nullable String unrepresentable() {
        return unrepresentable;
    }

    /** The columns of the page that this record came with. */
    public Columns columns() {
        return columns;
    }

    /**
     * The value of the column, null when it is NULL in the database.
     *
     * @throws NoSuchColumnException when the row has no such column
     */
    public @Nullable Object value(String column) {
        return valueAt(existing(column));
    }

    /**
     * The key of this record: the cursor after which the next record is read.
     *
     * @param key the key columns, in key order
     * @throws IllegalStateException when the row has no such column or its value is NULL
     */
    public Cursor cursor(List<String> key) {
        List<Object> found = new ArrayList<>(key.size());
        for (String column : key) {
            found.add(keyAt(existing(column)));
        }
        return new Cursor(key, found);
    }

    /**
     * The value of a key column, by its position.
     *
     * @throws UnorderedPageException when it is NULL
     */
    Object keyAt(int index) {
        Object value = valueAt(index);
        if (value == null) {
            throw new UnorderedPageException(
                    unrepresentable == null
                            ? "the key column " + columns.names().get(index) + " is NULL: a key must never be NULL"
                            : unrepresentable);
        }
        return value;
    }

    /** The position of the column. */
    int existing(String column) {
        int index = columns.index(column);
        if (index < 0) {
            throw new NoSuchColumnException(column, columns.names());
        }
        return index;
    }

    private @Nullable Object valueAt(int index) {
        return ColumnText.valueOf(values[index]);
    }

    /**
     * A record of its last columns.
     *
     * @param last these columns, which the records of a page share
     */
    SourceRecord part(Columns last) {
        int first = values.length - last.names().size();
        return new SourceRecord(last, Arrays.copyOfRange(values, first, values.length), unrepresentable);
    }

    /** The value at this position, or the {@link ColumnText} that it was read as. */
    @Nullable
    Object readAt(int index) {
        return values[index];
    }

    /**
     * The value of the column, null when it is NULL in the database. A name that no column has is never taken for NULL: a
     * filter by a column that is misspelt would let no record pass.
     *
     * @throws NoSuchColumnException when the row has no such column
     */
    @Override
    public @Nullable Object get(@Nullable Object column) {
        return valueAt(existing(String.valueOf(column)));
    }

    @Override
    public @Nullable Object getOrDefault(@Nullable Object column, @Nullable Object otherwise) {
        return containsKey(column) ? get(column) : otherwise;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || (other instanceof Map<?, ?> map && entrySet().equals(map.entrySet()));
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    @Override
    public boolean containsKey(@Nullable Object column) {
        return column instanceof String name && columns.index(name) >= 0;
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        return new Entries();
    }

    /** Names the columns and keeps the values to itself, as this text ends in logs and messages. */
    @Override
    public String toString() {
        return "SourceRecord" + columns.names();
    }

    private final class Entries extends AbstractSet<Map.Entry<String, @Nullable Object>> {

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
            return new EntryIterator();
        }
    }

    private final class EntryIterator implements Iterator<Map.Entry<String, @Nullable Object>> {

        private int next;

        @Override
        public boolean hasNext() {
            return next < values.length;
        }

        @Override
        public Map.Entry<String, @Nullable Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int index = next++;
            return new SimpleImmutableEntry<>(columns.names().get(index), valueAt(index));
        }
    }
}
