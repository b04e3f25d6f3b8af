package dev.drover.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The SQL names of a table and its columns: the quoted names of the catalog, which match exactly. If the catalog does
 * not know the table, {@link Dialect#quote} quotes the names of the user. Immutable.
 *
 * @param table the quoted table, with its schema if the user named one
 * @param columns maps a column's name, as the user wrote it, to the quoted name
 * @param facts the facts about the table; empty if the catalog does not know it
 */
public record Names(String table, UnaryOperator<String> columns, Optional<TableFacts> facts) {

    /** How long a connection reuses a result of the catalog, which each page needs several times. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Map<Connection, Map<String, Look>> LOOKS = Collections.synchronizedMap(new WeakHashMap<>());

    private static final Pattern PART = Pattern.compile("\"((?:[^\"]|\"\")*)\"|`((?:[^`]|``)*)`|([^.]+)");

    /** A part of a name, and whether it must match exactly. */
    record Part(String text, boolean exact) {}

    /** A result of the catalog, and its time by {@link System#nanoTime}. */
    private record Look(Names found, long at) {

        boolean isFresh() {
            return System.nanoTime() - at < FRESH.toNanos();
        }
    }

    public String column(String name) {
        return columns.apply(name);
    }

    /** The names without the catalog. */
    static Names plain(Dialect dialect, String table) {
        return new Names(dialect.quote(table), dialect::quote, Optional.empty());
    }

    /**
     * Looks the names up, at most once a second for each connection.
     *
     * @throws IllegalArgumentException if a name matches more than one table or column
     */
    public static Names of(Connection connection, String table) throws SQLException {
        Map<String, Look> looks =
                LOOKS.computeIfAbsent(connection.unwrap(Connection.class), unseen -> new ConcurrentHashMap<>());
        Look look = looks.get(table);
        if (look == null || !look.isFresh()) {
            look = new Look(found(connection, table), System.nanoTime());
            looks.put(table, look);
        }
        return look.found();
    }

    private static Names found(Connection connection, String table) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        Optional<TableFacts> facts = TableFacts.of(connection, table);
        if (facts.isEmpty()) {
            return plain(dialect, table);
        }
        TableFacts found = facts.get();
        String name = dialect.quoteExactly(found.name());
        Map<String, String> quoted = new ConcurrentHashMap<>(); // each page asks for the same few
        return new Names(
                parts(table).size() == 1 ? name : dialect.quoteExactly(found.schema()) + "." + name,
                column -> quoted.computeIfAbsent(column, wanted -> found.column(wanted)
                        .map(known -> dialect.quoteExactly(known.name()))
                        .orElseGet(() -> dialect.quote(wanted))),
                facts);
    }

    /** Whether a text can be the name of a table, with or without a schema. */
    static boolean isName(String text) {
        try {
            return !parts(text).isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The parts of a name such as {@code sales.orders} or {@code sales."My.Orders"}.
     *
     * @throws IllegalArgumentException if the text is not a name
     */
    static List<Part> parts(String name) {
        List<Part> parts = new ArrayList<>();
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not a name of a table or column: '" + name + "'");
        }
        Matcher part = PART.matcher(name);
        int at = 0;
        while (part.lookingAt()) {
            String quoted = part.group(1) == null ? part.group(2) : part.group(1);
            String mark = part.group(1) == null ? "`" : "\"";
            parts.add(
                    quoted == null
                            ? new Part(part.group(3), false)
                            : new Part(quoted.replace(mark + mark, mark), true));
            at = part.end();
            boolean blank = parts.get(parts.size() - 1).text().isBlank();
            if (at == name.length() && !blank) {
                return parts;
            }
            if (blank || at == name.length() || name.charAt(at) != '.') {
                break;
            }
            part.region(at + 1, name.length());
        }
        throw new IllegalArgumentException("not a name of a table or column: '" + name + "'");
    }

    /** The last part of a name in SQL, without its quotes. */
    static String unquoted(String name) {
        List<Part> parts = parts(name);
        return parts.get(parts.size() - 1).text();
    }

    /**
     * Chooses among names that differ only in case: an exact match, or the one that SQL finds without quotes, or the
     * only one.
     *
     * @param fold how the database folds a name without quotes
     * @throws IllegalArgumentException if the choice is ambiguous
     */
    static Optional<String> choose(Part wanted, Collection<String> names, UnaryOperator<String> fold, String what) {
        String text = wanted.text();
        if (wanted.exact()) {
            return names.stream().filter(text::equals).findFirst();
        }
        List<String> alike =
                names.stream().filter(text::equalsIgnoreCase).distinct().toList();
        String folded = fold.apply(text);
        List<String> meant =
                Stream.of(text, folded).distinct().filter(alike::contains).toList();
        List<String> left = meant.isEmpty() ? alike : meant;
        if (left.size() > 1) {
            throw new IllegalArgumentException("'" + text + "' may be the " + what + " " + String.join(" or ", left)
                    + ": write the one that is meant "
                    + (what.equals("table") ? "in double quotes" : "in its own case"));
        }
        return left.stream().findFirst();
    }
}
