package dev.drover.pages;

import dev.drover.ledger.SqlReason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of the keys that a read step returns, as the database behind it has it: by the columns of its own SQL, or of
 * {@code keyTable} where that cannot be asked. Thread-safe.
 */
final class StepOrder {

    private final SourceForm form;
    private final List<String> key;
    private volatile @Nullable DatabaseOrder known;

    StepOrder(SourceForm form) {
        this.form = form;
        this.key = form.endpoint().config().key();
    }

    /**
     * Proves a page.
     *
     * @throws UnorderedPageException naming two keys that do not rise
     * @throws SQLException when the database cannot be asked now
     */
    void prove(PageRequest request, PageKeys keys) throws SQLException {
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

    /** SQLSTATE class 42 is that of SQL which is wrong: it is so as a part of other SQL. */
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
