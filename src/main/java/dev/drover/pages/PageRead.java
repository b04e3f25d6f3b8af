package dev.drover.pages;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** One page through the route: an exchange with the cursor in its variables, and what came of it. */
final class PageRead {

    /** The variable with the cursor: the key itself, or a map by column name for a key of several columns. */
    static final String AFTER = "after";

    /** The variable with the last key that may be read, as {@link #AFTER}; not there when there is no bound. */
    static final String UP_TO = "upTo";

    /** The variable with the number of rows to ask for: one more than are sent where no catalog proves the key. */
    static final String PAGE_SIZE = "pageSize";

    private final PagesConsumer consumer;
    private final SourceWatch watch;
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

    PageRead(PagesConsumer consumer, Pipeline pipeline, SourceWatch watch) {
        this.consumer = consumer;
        this.watch = watch;
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
        PageOnItsWay onItsWay = null;
        try {
            if (source.reader().isPresent()) {
                Page table = source.reader().get().read(request);
                watch.requireSameServer();
                if (!table.drained() && table.records().size() < request.limit()) {
                    page.wasFullByBytes();
                }
                onItsWay = PageOnItsWay.of(
                        exchange, page, config.key(), keys -> new PageOnItsWay.Border(keys.size(), table.drained()));
                onItsWay.read(table.records());
                exchange.getMessage().setBody(table.records());
                setVariables(exchange, request);
            } else {
                onItsWay = PageOnItsWay.of(exchange, page, config.key(), keys -> {
                    watch.requireSameServer();
                    return source.order().prove(request, keys);
                });
                setVariables(exchange, source.order().asked(request));
            }
            consumer.getProcessor().process(exchange);
        } catch (UnorderedPageException e) {
            ledger.halt(String.valueOf(e.getMessage()));
        } catch (Exception e) {
            exchange.setException(e);
        }
        try {
            boolean last = onItsWay == null || onItsWay.isLast();
            return conclude(exchange, page, passes, last, source);
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    /** What a read step may bind. */
    static void setVariables(Exchange exchange, PageRequest request) {
        exchange.setVariable(PAGE_SIZE, request.limit());
        if (request.after() != null) {
            exchange.setVariable(AFTER, KeyValue.variable(request.after()));
        }
        if (request.upTo() != null) {
            exchange.setVariable(UP_TO, KeyValue.variable(request.upTo()));
        }
    }

    /** What was read needs them no more. */
    static void removeVariables(Exchange exchange) {
        exchange.removeVariable(PAGE_SIZE);
        exchange.removeVariable(AFTER);
        exchange.removeVariable(UP_TO);
    }

    private Result conclude(
            Exchange exchange, OpenPage page, @Nullable Cursor passes, boolean drained, OpenedSource source)
            throws SQLException {
        PageOnItsWay.faultOf(exchange).ifPresent(ledger::halt);
        if (page.isUntouched() && ledger.halted().isPresent()) {
            page.discard();
            return Result.EMPTY;
        }
        List<Cursor> keys = keys(exchange, page);
        if (keys.isEmpty()) {
            page.discard();
            watch.requireSameServer();
            return Result.EMPTY;
        }
        source.lateRows().ifPresent(late -> late.wasRead(keys, passes != null));
        Cursor last = keys.get(keys.size() - 1);
        page.close(keys.size(), passes == null ? last : passes);
        return new Result(keys.size(), last, drained);
    }

    /**
     * The keys of a page that was routed.
     *
     * @throws SQLException if nothing was read; the page is given up
     */
    static List<Cursor> keys(Exchange exchange, OpenPage page) throws SQLException {
        Exception thrown = exchange.getException();
        List<Cursor> keys = page.keys().orElse(null);
        boolean isEmpty = keys == null ? isEmptyPage(exchange) : keys.isEmpty();
        if (page.isUntouched() && (thrown != null || (page.left().isEmpty() && !isEmpty))) {
            page.discard();
            throw new SQLException(thrown == null ? "the route ended without splitting the page" : message(thrown));
        }
        return keys == null ? List.of() : keys;
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
