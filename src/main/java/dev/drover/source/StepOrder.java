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
 * Proves that the keys of a read step rise, by the order of the database. It compares them by the columns of the step's
 * SQL, or of {@code keyTable} if the SQL cannot be used for that.
 *
 * <p>If no catalog proves the key, two rows may share a key at the end of a page. So an SQL step is asked for one more
 * row than the page has. That row must have another key, and the next page reads it again. Any other step is asked for
 * at least two rows, because a service may refuse more rows and may end a page anywhere. The next page then reads the
 * last row of the page again, and the source is drained when no other row follows. For one thread.
 */
public final class StepOrder {

    /**
     * The end of a page.
     *
     * @param rows the number of rows that belong to the page; the next page begins after them
     * @param last whether no rows follow for now
     */
    public record Border(int rows, boolean last) {}

    private final SourceForm form;
    private final List<String> key;
    private final boolean proven;
    private final boolean keepsLimit;
    private @Nullable DatabaseOrder known;

    /**
     * Prepares for a step.
     *
     * @param proven whether the catalog proves that the key is unique
     */
    public StepOrder(SourceForm form, boolean proven) {
        this.form = form;
        this.proven = proven;
        this.keepsLimit = form.sql().filter(PageSql::isUnderstood).isPresent();
        this.key = form.endpoint().config().key();
    }

    /** The request for a page and, if it is needed, for the row after it. */
    public PageRequest asked(PageRequest page) {
        if (proven) {
            return page;
        }
        return page.limitedTo(form.step().isPresent() ? page.limit() + 1 : Math.max(2, page.limit()));
    }

    /**
     * Proves the order of a page.
     *
     * @throws UnorderedPageException if two keys do not rise
     * @throws SQLException if the database fails; to be tried again
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

    /** Whether the SQL of the step cannot be a part of other SQL: SQLSTATE class 42 means wrong SQL. */
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
