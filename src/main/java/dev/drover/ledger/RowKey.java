package dev.drover.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes the key out of a row, whatever read it: all that is asked of a row is to be a {@link Map} by column name. */
final class RowKey {

    private RowKey() {}

    static Cursor of(List<String> key, Object row) {
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
}
