package dev.drover.rows;

import dev.drover.config.ByteLimits;
import dev.drover.sql.Dialect;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that may hold long values, by their types, and the SQL that keeps such values out of memory.
 * Immutable.
 */
public final class LongColumns {

    private final ByteLimits limits;
    private final List<Column> columns = new ArrayList<>();
    private final long mostBytes;

    /**
     * One column of the table.
     *
     * @param name the quoted name
     * @param length the SQL of the length in bytes; null if the column is never long
     * @param checked whether a value may be too long to be loaded
     */
    private record Column(String name, @Nullable String length, boolean checked) {}

    /**
     * Looks at the columns of a table.
     *
     * @param metaData the columns that are read
     * @param key the key columns, which an index keeps short
     */
    public LongColumns(Dialect dialect, ResultSetMetaData metaData, List<String> key, ByteLimits limits)
            throws SQLException {
        this.limits = limits;
        double sum = 0;
        for (int column = 1; column <= metaData.getColumnCount(); column++) {
            String label = metaData.getColumnLabel(column);
            String name = dialect.quoteExactly(label);
            long most = key.stream().anyMatch(label::equalsIgnoreCase) ? 0 : ValueLength.most(metaData, column);
            String length = most == 0
                    ? null
                    : dialect.octetLength(name, metaData.getColumnType(column), metaData.getColumnTypeName(column));
            columns.add(new Column(name, length, length != null && limits.refuses(most)));
            sum += length == null ? 0 : most;
        }
        mostBytes = (long) sum;
    }

    /**
     * The select list that replaces long values by NULL, followed by the lengths of these columns; empty if no value can be
     * too long.
     */
    public Optional<String> guarded() {
        if (checked().length == 0) {
            return Optional.empty();
        }
        List<String> list = new ArrayList<>();
        columns.forEach(column -> list.add(column.checked() ? guarded(column) : column.name()));
        columns.stream().filter(Column::checked).forEach(column -> list.add(column.length()));
        return Optional.of(String.join(", ", list));
    }

    private String guarded(Column column) {
        return "CASE WHEN " + column.length() + " > " + limits.maxValueBytes() + " THEN NULL ELSE " + column.name()
                + " END AS " + column.name();
    }

    /** The columns (from 0) whose lengths are at the end of {@link #guarded()}. */
    int[] checked() {
        return IntStream.range(0, columns.size())
                .filter(index -> columns.get(index).checked())
                .toArray();
    }

    /** Whether this number of rows may be longer than a page. */
    boolean mayPassPage(int rows) {
        return limits.maxPageBytes() > 0 && mostBytes > limits.maxPageBytes() / rows;
    }

    /** The select list of the lengths of all columns that may be long. */
    String lengths() {
        return counted((column, number) -> column.length() + " AS length_" + number);
    }

    /** The query that sums the lengths of a query. */
    String sumOf(String lengths) {
        return "SELECT " + counted((column, number) -> "SUM(length_" + number + ")") + " FROM (" + lengths
                + ") lengths";
    }

    private String counted(BiFunction<Column, Integer, String> part) {
        List<Column> counted =
                columns.stream().filter(column -> column.length() != null).toList();
        return IntStream.range(0, counted.size())
                .mapToObj(index -> part.apply(counted.get(index), index + 1))
                .collect(Collectors.joining(", "));
    }
}
