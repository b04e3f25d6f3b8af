package dev.drover.pages;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** One page through the route: an exchange with the cursor in its variables, and what came of it. */
final class PageRead {

    /** The variable with the cursor: the key itself, or a map by column name for a key of several columns. */
    static final String AFTER = "after";

    /** The variable with the last key that may be read, as {@link #AFTER}; not there when there is no bound. */
    static final String UP_TO = "upTo";

    /** The variable with the number of records to ask for. */
    static final String PAGE_SIZE = "pageSize";

    private final PagesConsumer consumer;
    private final PagesConfig config;
    private final Ledger ledger;

    /**
     * What came of a page.
     *
     * @param rows how many rows it had
     * @param last the key of the last of them, null if there was none
     * @param drained whether there is nothing after them for now
     */
    record Result(int rows, @Nullable Cursor last, boolean drained) {

        static final Result EMPTY = new Result(0, null, true);
    }

    /**
     * What a page is expected to be.
     *
     * @param after the cursor it comes after
     * @param passes the cursor that is passed with it; null for the key of its last row
     * @param rows how many rows it has unless the source is drained
     */
    private record Expected(@Nullable Cursor after, @Nullable Cursor passes, int rows) {}

    PageRead(PagesConsumer consumer, Pipeline pipeline) {
        this.consumer = consumer;
        this.config = pipeline.config();
        this.ledger = pipeline.ledger();
    }

    /**
     * Reads a page and routes it.
     *
     * @param passes the cursor that is passed with this page; null for the key of its last row
     * @throws SQLException if nothing was read; the same page can be read again
     */
    Result read(PageRequest request, @Nullable Cursor passes, OpenedSource source) throws SQLException {
        OpenPage page = ledger.open(config.key(), request.limit());
        Exchange exchange = consumer.newExchange();
        int expected = request.limit();
        try {
            if (source.reader().isPresent()) {
                Page table = source.reader().get().read(request);
                exchange.getMessage().setBody(table.records());
                if (!table.drained() && table.records().size() < expected) {
                    page.wasFullByBytes();
                    expected = table.records().size();
                }
            }
            route(exchange, page, request);
        } catch (Exception e) {
            exchange.setException(e);
        }
        try {
            return conclude(exchange, page, new Expected(request.after(), passes, expected), source);
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    private void route(Exchange exchange, OpenPage page, PageRequest request) throws Exception {
        exchange.setProperty(OpenPage.PROPERTY, page);
        setVariables(exchange, request);
        consumer.getProcessor().process(exchange);
    }

    /** What a read step may bind. */
    static void setVariables(Exchange exchange, PageRequest request) {
        exchange.setVariable(PAGE_SIZE, request.limit());
        if (request.after() != null) {
            exchange.setVariable(AFTER, request.after().asVariable());
        }
        if (request.upTo() != null) {
            exchange.setVariable(UP_TO, request.upTo().asVariable());
        }
    }

    /** What was read needs them no more. */
    static void removeVariables(Exchange exchange) {
        exchange.removeVariable(PAGE_SIZE);
        exchange.removeVariable(AFTER);
        exchange.removeVariable(UP_TO);
    }

    private Result conclude(Exchange exchange, OpenPage page, Expected expected, OpenedSource source)
            throws SQLException {
        List<?> rows = rows(exchange, page).orElse(null);
        if (rows == null) {
            return Result.EMPTY;
        }
        source.lateRows()
                .ifPresent(late -> late.wasRead(rows.stream().map(page::keyOf).toList(), expected.passes() != null));
        return close(page, rows, expected);
    }

    /**
     * The rows of a page that was routed; none if it was empty, and is given up.
     *
     * @throws SQLException if nothing was read; the page is given up
     */
    static Optional<List<?>> rows(Exchange exchange, OpenPage page) throws SQLException {
        Exception thrown = exchange.getException();
        List<?> rows = page.rows().orElse(null);
        if (page.isUntouched() && (thrown != null || (rows == null && !isEmptyPage(exchange)))) {
            page.discard();
            throw new SQLException(thrown == null ? "the route ended without splitting the page" : message(thrown));
        }
        if (rows == null || rows.isEmpty()) {
            page.discard();
            return Optional.empty();
        }
        return Optional.of(rows);
    }

    private Result close(OpenPage page, List<?> rows, Expected expected) {
        if (rows.size() > page.asked()) {
            ledger.halt("the read step returned " + rows.size() + " rows for a page of " + page.asked()
                    + ": its SQL needs LIMIT :#${variable.pageSize}");
        }
        Cursor last = page.keyOf(rows.get(rows.size() - 1));
        if (last.equals(expected.after())) {
            ledger.halt("the page after " + last + " ends with the same key: the SQL needs WHERE key > :#${variable."
                    + AFTER + "} ORDER BY key, and the key must be unique");
        }
        page.close(rows.size(), expected.passes() == null ? last : expected.passes());
        return new Result(rows.size(), last, rows.size() < expected.rows());
    }

    private static boolean isEmptyPage(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Collection<?> rows && rows.isEmpty();
    }

    /** Why, in one line. */
    static String message(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        boolean ours = cause instanceof SQLException sql && sql.getSQLState() == null;
        String text = message == null ? "" : message.lines().findFirst().orElse("");
        return ours ? text : cause.getClass().getSimpleName() + (text.isEmpty() ? "" : ": " + text);
    }
}
