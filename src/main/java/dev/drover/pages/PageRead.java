package dev.drover.pages;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** One page through the route: an exchange with the cursor in its variables, and what came of it. */
final class PageRead {

    /** The variable with the cursor: the key itself, or a map by column name for a key of several columns. */
    static final String AFTER = "after";

    /** The variable with the number of records to ask for. */
    static final String PAGE_SIZE = "pageSize";

    private final PagesConsumer consumer;
    private final PagesConfig config;
    private final Ledger ledger;
    private final Optional<TableReader> tableReader;

    /**
     * What came of a page.
     *
     * @param rows how many rows it had
     * @param last the key of the last of them, null if there was none
     * @param drained whether there is nothing after them for now
     * @param failure why nothing was read, null if something was, or nothing was there; the same page can be read again
     */
    record Result(int rows, @Nullable Cursor last, boolean drained, @Nullable String failure) {

        static final Result EMPTY = new Result(0, null, true, null);

        static Result failed(String why) {
            return new Result(0, null, false, why);
        }
    }

    PageRead(PagesConsumer consumer, Pipeline pipeline, Optional<TableReader> tableReader) {
        this.consumer = consumer;
        this.config = pipeline.config();
        this.ledger = pipeline.ledger();
        this.tableReader = tableReader;
    }

    Result read(@Nullable Cursor after, int asked) {
        OpenPage page = ledger.open(config.key(), asked);
        Exchange exchange = consumer.newExchange();
        int expected = asked;
        try {
            if (tableReader.isPresent()) {
                Page table = tableReader.get().read(after, asked);
                exchange.getMessage().setBody(table.records());
                // a page that ended early, for its bytes, is as full as can be
                expected = table.drained() ? asked : table.records().size();
            }
            route(exchange, page, after);
            return conclude(exchange, page, after, expected);
        } catch (Exception e) {
            exchange.setException(e);
            return conclude(exchange, page, after, expected);
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    private void route(Exchange exchange, OpenPage page, @Nullable Cursor after) throws Exception {
        exchange.setProperty(OpenPage.PROPERTY, page);
        exchange.setVariable(PAGE_SIZE, page.asked());
        if (after != null) {
            exchange.setVariable(AFTER, after.asVariable());
        }
        consumer.getProcessor().process(exchange);
    }

    private Result conclude(Exchange exchange, OpenPage page, @Nullable Cursor after, int expected) {
        Exception thrown = exchange.getException();
        List<?> rows = page.rows().orElse(null);
        if (page.isUntouched() && (thrown != null || (rows == null && !isEmptyPage(exchange)))) {
            page.discard();
            return Result.failed(thrown == null ? "the route ended without splitting the page" : message(thrown));
        }
        if (rows == null || rows.isEmpty()) {
            page.discard();
            return Result.EMPTY;
        }
        return close(page, rows, after, expected);
    }

    private Result close(OpenPage page, List<?> rows, @Nullable Cursor after, int expected) {
        if (rows.size() > page.asked()) {
            ledger.halt("the read step returned " + rows.size() + " rows for a page of " + page.asked()
                    + ": its SQL needs LIMIT :#${variable.pageSize}");
        }
        Cursor last = page.keyOf(rows.get(rows.size() - 1));
        if (last.equals(after)) {
            ledger.halt("the page after " + after + " ends with the same key: the SQL needs WHERE key > :#${variable."
                    + AFTER + "} ORDER BY key, and the key must be unique");
        }
        page.close(rows.size(), last);
        return new Result(rows.size(), last, rows.size() < expected, null);
    }

    private static boolean isEmptyPage(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Collection<?> rows && rows.isEmpty();
    }

    private static String message(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return cause.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }
}
