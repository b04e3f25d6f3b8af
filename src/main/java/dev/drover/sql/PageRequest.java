package dev.drover.sql;

import dev.drover.ledger.Cursor;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SqlTypeValue;

/**
 * The rows of a page: those after a key and up to a bound, or those of some keys.
 *
 * @param after the key before the first row; null for the start of the source
 * @param upTo the last key that may be read; null if there is no bound
 * @param limit the largest number of rows, at least 1
 * @param keys only rows with these keys; empty for all
 */
public record PageRequest(@Nullable Cursor after, @Nullable Cursor upTo, int limit, List<Cursor> keys) {

    /** The variable with the cursor: the key, or a map by column name for a key of several columns. */
    public static final String AFTER = "after";

    /** The variable with the last key that may be read, in the form of {@link #AFTER}; not set if there is no bound. */
    public static final String UP_TO = "upTo";

    /** The variable with the number of rows to read: one more than the page needs if no catalog proves the key. */
    public static final String PAGE_SIZE = "pageSize";

    public PageRequest {
        if (limit < 1) {
            throw new IllegalArgumentException("a page needs at least 1 row, not " + limit);
        }
    }

    public PageRequest(@Nullable Cursor after, @Nullable Cursor upTo, int limit) {
        this(after, upTo, limit, List.of());
    }

    /** The rows of these keys, at least one. */
    public static PageRequest of(List<Cursor> keys) {
        return new PageRequest(null, null, keys.size(), keys);
    }

    /** The same page with fewer rows. */
    public PageRequest limitedTo(int rows) {
        return new PageRequest(after, upTo, rows, keys);
    }

    /** A page without an upper bound. */
    public static PageRequest after(@Nullable Cursor after, int limit) {
        return new PageRequest(after, null, limit);
    }

    /** Sets the variables that a read step may bind. */
    public void setVariables(Exchange exchange) {
        exchange.setVariable(PAGE_SIZE, limit);
        if (after != null) {
            exchange.setVariable(AFTER, variable(after));
        }
        if (upTo != null) {
            exchange.setVariable(UP_TO, variable(upTo));
        }
    }

    /** Removes the variables, which a record does not need. */
    public static void removeVariables(Exchange exchange) {
        exchange.removeVariable(PAGE_SIZE);
        exchange.removeVariable(AFTER);
        exchange.removeVariable(UP_TO);
    }

    private static Object variable(Cursor cursor) {
        List<Object> values = cursor.values().stream()
                .map(value -> value instanceof String text ? new KeyValue(text) : value)
                .toList();
        return new Cursor(cursor.columns(), values).asVariable();
    }

    /** A text of a key, which a read step binds like the table form, so that SQL needs no cast. */
    private record KeyValue(String text) implements SqlTypeValue {

        @Override
        public void setTypeValue(PreparedStatement statement, int index, int type, @Nullable String typeName)
                throws SQLException {
            Dialect.of(statement.getConnection()).bind(statement, index, text);
        }

        /** Anywhere else it behaves like its text. */
        @Override
        public String toString() {
            return text;
        }
    }
}
