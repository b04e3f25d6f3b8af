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
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A row as a read-only map from column to value. It has only its values and the {@link Columns} that it shares with its
 * page. A lookup ignores case if no column has exactly that name. Camel's JSON data format writes it exactly, without
 * configuration. Immutable unless code writes into a {@code byte[]} value.
 */
@JsonSerialize(using = SourceRecordSerializer.class)
public final class SourceRecord extends AbstractMap<String, @Nullable Object> {

    private final Columns columns;
    private final @Nullable Object[] values;
    private final @Nullable String unrepresentable;

    /**
     * Creates a record. It keeps the array without a copy, so the caller must not change it.
     *
     * @param values the value of each column, or its {@link ColumnText}
     */
    public SourceRecord(Columns columns, @Nullable Object[] values, @Nullable String unrepresentable) {
        this.columns = columns;
        this.values = values;
        this.unrepresentable = unrepresentable;
    }

    /**
     * Why this record cannot be sent, with the name of the column; null if it can. The value that is too long or cannot be
     * read is missing, as if it were NULL. The record becomes a dead letter by its key.
     */
    public @Nullable String unrepresentable() {
        return unrepresentable;
    }

    /** The columns, which all records of the page share. */
    public Columns columns() {
        return columns;
    }

    /**
     * The value of the column; null if it is NULL in the database.
     *
     * @throws NoSuchColumnException if the row has no such column
     */
    public @Nullable Object value(String column) {
        return valueAt(existing(column));
    }

    /**
     * The key of this record: the cursor after which the next record is read.
     *
     * @param key the key columns, in key order
     * @throws IllegalStateException if a column is missing or NULL
     */
    public Cursor cursor(List<String> key) {
        List<Object> found = new ArrayList<>(key.size());
        for (String column : key) {
            found.add(keyAt(existing(column)));
        }
        return new Cursor(key, found);
    }

    /**
     * The value of a key column, by its index.
     *
     * @throws UnorderedPageException if it is NULL
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

    /**
     * The index of the column.
     *
     * @throws NoSuchColumnException if the row has no such column
     */
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

    /** A record with only these columns, which must be its last. */
    SourceRecord part(Columns last) {
        int first = values.length - last.names().size();
        return new SourceRecord(last, Arrays.copyOfRange(values, first, values.length), unrepresentable);
    }

    /** The value at this index, or its {@link ColumnText}. */
    @Nullable
    Object readAt(int index) {
        return values[index];
    }

    /**
     * The value of the column; null if it is NULL in the database. An unknown name is an error rather than null, because
     * otherwise a filter with a misspelt column would let no record pass.
     *
     * @throws NoSuchColumnException if the row has no such column
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
        return new AbstractSet<>() {
            @Override
            public int size() {
                return values.length;
            }

            @Override
            public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
                return IntStream.range(0, values.length)
                        .<Map.Entry<String, @Nullable Object>>mapToObj(index ->
                                new SimpleImmutableEntry<>(columns.names().get(index), valueAt(index)))
                        .iterator();
            }
        };
    }

    /** Shows the columns without their values, because this text may appear in logs and messages. */
    @Override
    public String toString() {
        return "SourceRecord" + columns.names();
    }
}
