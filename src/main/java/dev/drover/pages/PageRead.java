package dev.drover.pages;

import dev.drover.config.PagesConfig;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.rows.Page;
import dev.drover.rows.UnorderedPageException;
import dev.drover.source.SourceWatch;
import dev.drover.source.StepOrder;
import dev.drover.sql.PageRequest;
import dev.drover.sql.ReadFailure;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Sends a page through the route, as an exchange with the cursor in its variables. */
final class PageRead {

    private final PagesConsumer consumer;
    private final SourceWatch watch;
    private final PagesConfig config;
    private final Ledger ledger;

    /**
     * The result of a page.
     *
     * @param rows the number of rows
     * @param last the key of the last row; null if there was none
     * @param drained whether there are no rows after it for now
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
     * @param passes the key that the checkpoint moves to with this page; null for the key of its last row
     * @throws SQLException if nothing was read; the same page can be read again
     */
    Result read(PageRequest request, @Nullable Cursor passes, OpenedSource source) throws SQLException {
        OpenPage page = ledger.open(config.key(), request.limit());
        Exchange exchange = consumer.newExchange();
        PageOnItsWay onItsWay = null;
        Cursor end = passes;
        try {
            if (source.reader().isPresent()) {
                Page table = source.reader().get().read(request);
                watch.requireSameServer();
                end = passes == null ? table.last() : passes;
                if (!table.drained() && table.records().size() < request.limit()) {
                    page.wasFullByBytes();
                }
                onItsWay = PageOnItsWay.of(
                        exchange, page, config.key(), keys -> new StepOrder.Border(keys.size(), table.drained()));
                onItsWay.read(table.records());
                exchange.getMessage().setBody(table.records());
                request.setVariables(exchange);
            } else {
                onItsWay = PageOnItsWay.of(exchange, page, config.key(), keys -> {
                    watch.requireSameServer();
                    return source.order().prove(request, keys);
                });
                source.order().asked(request).setVariables(exchange);
            }
            consumer.getProcessor().process(exchange);
        } catch (UnorderedPageException e) {
            ledger.halt(String.valueOf(e.getMessage()));
        } catch (Exception e) {
            exchange.setException(e);
        }
        try {
            boolean last = onItsWay == null || onItsWay.isLast();
            return conclude(exchange, page, end, passes != null, last, source);
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    private Result conclude(
            Exchange exchange,
            OpenPage page,
            @Nullable Cursor passes,
            boolean late,
            boolean drained,
            OpenedSource source)
            throws SQLException {
        PageOnItsWay.faultOf(exchange).ifPresent(ledger::halt);
        if (page.isUntouched() && ledger.halted().isPresent()) {
            page.discard();
            return Result.EMPTY;
        }
        List<Cursor> keys = keys(exchange, page);
        if (keys.isEmpty() && passes != null && !late) {
            page.close(0, passes);
            return new Result(0, passes, drained);
        }
        if (keys.isEmpty()) {
            page.discard();
            watch.requireSameServer();
            return Result.EMPTY;
        }
        source.lateRows().ifPresent(rows -> rows.wasRead(keys, late));
        Cursor last = keys.get(keys.size() - 1);
        Cursor end = passes == null ? last : passes;
        page.close(keys.size(), end);
        return new Result(keys.size(), late ? last : end, drained);
    }

    /**
     * The keys of a page that has been routed.
     *
     * @throws SQLException if nothing was read; the page is discarded
     */
    static List<Cursor> keys(Exchange exchange, OpenPage page) throws SQLException {
        Exception thrown = exchange.getException();
        List<Cursor> keys = page.keys().orElse(null);
        boolean isEmpty = keys == null ? isEmptyPage(exchange) : keys.isEmpty();
        if (page.isUntouched() && (thrown != null || (page.left().isEmpty() && !isEmpty))) {
            page.discard();
            throw new SQLException(
                    thrown == null ? "the route ended without splitting the page" : ReadFailure.message(thrown));
        }
        return keys == null ? List.of() : keys;
    }

    private static boolean isEmptyPage(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Collection<?> rows && rows.isEmpty();
    }
}
