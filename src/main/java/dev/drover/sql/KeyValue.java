package dev.drover.sql;

import dev.drover.ledger.Cursor;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SqlTypeValue;

/**
 * A text of a key in a variable of the route. A read step binds it like the table form, so that SQL needs no cast.
 * Anywhere else it behaves like its text.
 */
record KeyValue(String text) implements SqlTypeValue {

    /** The variable for a read step: the key, or a map by column name for a key of several columns. */
    static Object variable(Cursor cursor) {
        List<Object> values = cursor.values().stream()
                .map(value -> value instanceof String text ? new KeyValue(text) : value)
                .toList();
        return new Cursor(cursor.columns(), values).asVariable();
    }

    @Override
    public void setTypeValue(PreparedStatement statement, int index, int type, @Nullable String typeName)
            throws SQLException {
        Dialect.of(statement.getConnection()).bind(statement, index, text);
    }

    @Override
    public String toString() {
        return text;
    }
}
