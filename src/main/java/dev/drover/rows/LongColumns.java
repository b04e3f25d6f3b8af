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
 * The columns of a table that may hold long values, and what to select so that these stay out of memory. Found from
 * the types of the columns alone. Immutable.
 */
public final class LongColumns {

    private final ByteLimits limits;
    private final List<Column> columns = new ArrayList<>();
    private final long mostBytes;

    /**
     * One column of the table.
     *
     * @param name its name, quoted
     * @param length the SQL of its length in bytes; null if the length is not asked for
     * @param checked whether a value may be longer than is loaded
     */
    private record Column(String name, @Nullable String length, boolean checked) {}

    /**
     * Looks at the columns of a table.
     *
     * @param metaData of all that is to be read of it
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
     * The list that holds long values back, with the lengths of these columns behind all others; empty when no value
     * can be too long.
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

    /** The columns (from 0) whose lengths stand at the end of {@link #guarded()}. */
    int[] checked() {
        return IntStream.range(0, columns.size())
                .filter(index -> columns.get(index).checked())
                .toArray();
    }

    /** Whether the values of that many rows may be longer than a page. */
    boolean mayPassPage(int rows) {
        return limits.maxPageBytes() > 0 && mostBytes > limits.maxPageBytes() / rows;
    }

    /** The list of the lengths of all columns that are not short by their type. */
    String lengths() {
        return counted((column, number) -> column.length() + " AS length_" + number);
    }

    /** What adds up the lengths of a query's rows. */
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
