package dev.drover.rows;

import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.ReadFailure;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the key that precedes another one, so that a page of one row after it is the row of the other key. */
public final class KeyBefore {

    private KeyBefore() {}

    /** The key with one less in its last column, if that column is a whole number; otherwise empty. */
    public static Optional<Cursor> counted(Cursor key) {
        List<Object> values = new ArrayList<>(key.values());
        Object last = values.remove(values.size() - 1);
        Object before = oneLess(last);
        if (before == null) {
            return Optional.empty();
        }
        values.add(before);
        return Optional.of(new Cursor(key.columns(), values));
    }

    private static @Nullable Object oneLess(Object value) {
        if (value instanceof Long number && number > Long.MIN_VALUE) {
            return number - 1;
        }
        if (value instanceof Integer number && number > Integer.MIN_VALUE) {
            return number - 1;
        }
        if (value instanceof Short number && number > Short.MIN_VALUE) {
            return (short) (number - 1);
        }
        return value instanceof BigInteger number ? number.subtract(BigInteger.ONE) : null;
    }

    /** The highest lower key in the table; empty if there is none. */
    public static Optional<Cursor> find(Connection connection, String table, Cursor key) throws SQLException {
        List<String> columns = key.columns();
        KeysetQuery query = KeysetQuery.of(connection, table, columns, columns, Consistency.STATIC);
        try (PreparedStatement statement = connection.prepareStatement(query.lastBefore())) {
            query.bind(statement, PageRequest.after(key, 1));
            return RowReader.keys(statement, columns).stream().findFirst();
        } catch (SQLException e) {
            throw ReadFailure.of("the key before another in " + table, e);
        }
    }
}
