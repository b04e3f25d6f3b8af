package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.ledger.SqlReason;
import dev.drover.rows.DatabaseOrder;
import dev.drover.rows.KeyOrder;
import dev.drover.rows.PageKeys;
import dev.drover.rows.UnorderedPageException;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.PageSql;
import dev.drover.sql.ReadFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of the keys that a read step returns, as the database has it: by the columns of the step's own SQL, or of
 * {@code keyTable} if the SQL cannot be asked.
 *
 * <p>If no catalog proves the key, two rows may share a key at the end of a page. So SQL is asked for one row more than
 * the page has. That row must have another key, and is read again with the next page. A step that is no SQL is asked
 * for a page of at least two rows: a service may refuse more, and may end its pages anywhere. There the last row of
 * each page stays for the next one, and the source is drained only when no other row comes. For one thread.
 */
public final class StepOrder {

    /**
     * Where a page ends.
     *
     * @param rows how many of the rows that were read belong to it; the next page begins with those behind them
     * @param last whether there is nothing behind them for now
     */
    public record Border(int rows, boolean last) {}

    private final SourceForm form;
    private final List<String> key;
    private final boolean proven;
    private final boolean keepsLimit;
    private @Nullable DatabaseOrder known;

    /**
     * The order of a step.
     *
     * @param proven whether no two rows can have the same key
     */
    public StepOrder(SourceForm form, boolean proven) {
        this.form = form;
        this.proven = proven;
        this.keepsLimit = form.sql().filter(PageSql::isUnderstood).isPresent();
        this.key = form.endpoint().config().key();
    }

    /** What the step is asked for so that it returns a page and, where that is needed, the row behind it. */
    public PageRequest asked(PageRequest page) {
        if (proven) {
            return page;
        }
        return page.limitedTo(form.step().isPresent() ? page.limit() + 1 : Math.max(2, page.limit()));
    }

    /**
     * Proves what was returned for a page.
     *
     * @throws UnorderedPageException naming two keys that do not rise
     * @throws SQLException when the database cannot be asked now
     */
    public Border prove(PageRequest page, PageKeys keys) throws SQLException {
        PageRequest asked = asked(page);
        requireOrder(asked, keys);
        int rows = keys.size();
        boolean cut = rows == asked.limit() || (!keepsLimit && rows > 0);
        return new Border(cut && !proven && rows > 1 ? rows - 1 : rows, !cut);
    }

    private void requireOrder(PageRequest request, PageKeys keys) throws SQLException {
        new KeyOrder(key, new KeyOrder.Asked() {
                    @Override
                    public boolean ordersUuidsByBytes() throws SQLException {
                        return hasDatabase() && ask(KeyOrder.Asked::ordersUuidsByBytes, request);
                    }

                    @Override
                    public int[] compare(String column, List<Object> left, List<Object> right) throws SQLException {
                        if (!hasDatabase()) {
                            throw DatabaseOrder.unknown(column, "no database is behind the read step");
                        }
                        return ask(asked -> asked.compare(column, left, right), request);
                    }
                })
                .prove(request, keys);
    }

    private boolean hasDatabase() {
        return form.step().isPresent() || form.endpoint().getKeyTable() != null;
    }

    private interface Question<T> {
        T put(KeyOrder.Asked asked) throws SQLException;
    }

    private <T> T ask(Question<T> question, PageRequest request) throws SQLException {
        try (Connection connection = form.source().getConnection()) {
            DatabaseOrder found = known;
            if (found != null) {
                return question.put(found.over(connection));
            }
            List<PageQuery> queries = queries(connection, request);
            for (int i = 0; true; i++) {
                try {
                    found = new DatabaseOrder(Dialect.of(connection), queries.get(i));
                    T answer = question.put(found.over(connection));
                    known = found;
                    return answer;
                } catch (SQLException e) {
                    if (!isOfTheQuery(e)) {
                        throw e;
                    }
                    if (i == queries.size() - 1) {
                        throw DatabaseOrder.unknown(
                                String.join(", ", key), "its SQL cannot be asked for it " + SqlReason.of(e));
                    }
                }
            }
        } catch (SQLException e) {
            known = null;
            throw ReadFailure.of("the order of the keys", e);
        }
    }

    /** SQLSTATE class 42 is wrong SQL: the SQL of the step is wrong as a part of other SQL. */
    private static boolean isOfTheQuery(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("42");
    }

    private List<PageQuery> queries(Connection connection, PageRequest request) throws SQLException {
        List<PageQuery> queries = new ArrayList<>();
        if (form.step().isPresent()) {
            queries.add(form.step().get().query(request));
        }
        if (form.endpoint().getKeyTable() != null) {
            String table = form.endpoint().getKeyTable();
            queries.add(new PageQuery(
                    KeysetQuery.of(connection, table, key, key, Consistency.STATIC)
                            .allKeys(),
                    statement -> {}));
        }
        return queries;
    }
}
