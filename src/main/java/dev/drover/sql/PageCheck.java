package dev.drover.sql;

import dev.drover.config.Doubt;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds mistakes and risks in the SQL of a read step. */
public record PageCheck(PageSql sql, List<String> key) {

    /** The first mistake; empty if there is none, or if the SQL only writes and so does not read the page. */
    public Optional<String> wrong() {
        if (sql.readsNothing()) {
            return Optional.empty();
        }
        if (sql.isElsewhere()) {
            return Optional.of("must be the SQL itself, so that it can be checked, not the name of a file or resource");
        }
        if (!sql.asksFor(PageRequest.AFTER)) {
            return Optional.of("needs the cursor: WHERE " + condition(key, ">", PageRequest.AFTER));
        }
        if (sql.skipsLocked()) {
            return Optional.of("must not skip locked rows, which would be passed over: leave out SKIP LOCKED; to share"
                    + " the rows among instances, claim them (consistency: CLAIM)");
        }
        if (sql.readsSample()) {
            return Optional.of("must not read a sample of a table, or the other rows would be passed over: leave out"
                    + " TABLESAMPLE");
        }
        if (sql.readsOnly()) {
            return Optional.of(
                    "must not read ONLY a table, of which the catalog proves no key: leave out ONLY, or put it"
                            + " into a view, and read the view");
        }
        if (!sql.isUnderstood()) {
            return sql.asksFor(PageRequest.PAGE_SIZE) ? Optional.empty() : Optional.of(pageSize());
        }
        if (!sql.hasKey()) {
            return Optional.empty(); // the first page reports it, with its columns
        }
        Optional<String> made =
                key.stream().filter(part -> sql.columnOf(part).isEmpty()).findFirst();
        if (made.isPresent()) {
            return Optional.of("must select the key column " + made.get() + " itself and once, not an expression under"
                    + " its name; name the expression otherwise, or put it into a view, and read the view");
        }
        if (!sql.isAfterCursor()) {
            return Optional.of(
                    "must compare the key columns themselves with the cursor itself, without a cast or a default, and"
                            + " read only what comes after it: WHERE " + condition(key, ">", PageRequest.AFTER));
        }
        if (sql.asksFor(PageRequest.UP_TO) && !sql.isBounded()) {
            return Optional.of(
                    "must read up to the bound and the row at it: AND " + condition(key, "<=", PageRequest.UP_TO));
        }
        if (!sql.isInKeyOrder()) {
            return Optional.of("needs ORDER BY " + String.join(", ", key)
                    + ", the key columns themselves and ascending, or rows would be passed over");
        }
        return sql.isOfPageSize() ? Optional.empty() : Optional.of(pageSize());
    }

    private static String pageSize() {
        return "must ask for as many rows as the page has, or it looks drained: LIMIT :#${variable."
                + PageRequest.PAGE_SIZE + "}";
    }

    /** The text of the condition for a key. */
    public static String condition(List<String> key, String operator, String variable) {
        if (key.size() == 1) {
            return key.get(0) + " " + operator + " :#${variable." + variable + "}";
        }
        return "(" + String.join(", ", key) + ") " + operator + " ("
                + key.stream()
                        .map(part -> ":#${variable." + variable + "[" + part + "]}")
                        .collect(Collectors.joining(", "))
                + ")";
    }

    /** A risk of the SQL; empty if there is none. */
    public Optional<Doubt> risk() {
        if (sql.readsNothing()) {
            return Optional.empty();
        }
        if (!sql.isUnderstood()) {
            return Optional.of(new Doubt(
                    "is more than a query whose conditions can be checked, so its key and order are unproven",
                    "put it into a view, and read the view"));
        }
        Set<String> columns = sql.conditionColumns();
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new Doubt(
                        "reads a row or not by " + String.join(", ", columns)
                                + ": a row that comes to fit when the cursor has passed it is never read",
                        "if this changes, claim rows (consistency: CLAIM) or read a change log"));
    }
}
