package dev.drover.pages;

import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.SeesEnds;
import dev.drover.rows.Slice;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.UnrepresentableException;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Sees the end of every record of a page. The split of a page names it both as {@code onPrepare} and as
 * {@code aggregationStrategy}. It fixes the identity of a record before any step of the user, and tells the page how the
 * exchange of the record has ended. Thread-safe: one instance serves any number of routes.
 */
public final class PageStrategy implements SeesEnds, Processor, AggregationStrategy {

    /** The exchange property with the reason of a dead letter. */
    private static final String REASON = "reason";

    /**
     * Prepares the exchange of a record or a slice.
     *
     * @throws UnrepresentableException if the record cannot be sent; the error clauses of the route make it a dead letter
     *     before any step of the user sees it
     */
    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getProperty(OpenPage.PROPERTY) instanceof OpenPage page)) {
            throw new IllegalStateException("#page prepares the records of a page: the route must come from pages");
        }
        if (page.isUntouched()) {
            page.answered(); // before the first records, a few times at most
        }
        Object body = exchange.getMessage().getBody();
        List<?> rows = body instanceof Slice slice ? slice : List.of(body);
        exchange.setProperty(RecordOnPage.PROPERTY, new RecordOnPage(page, rows));
        if (rows.size() == 1 && rows.get(0) instanceof SourceRecord row && row.unrepresentable() != null) {
            exchange.setProperty(REASON, row.unrepresentable());
            throw new UnrepresentableException(row.unrepresentable());
        }
    }

    /** Ends a record. Returns null, so that the page's own exchange does not change. */
    @Override
    public @Nullable Exchange aggregate(@Nullable Exchange before, Exchange ended) {
        RecordOnPage record = (RecordOnPage) ended.getProperty(RecordOnPage.PROPERTY);
        record.ended(ended.getException() != null, isHandled(ended));
        return null;
    }

    /** Whether an error clause handled an exception. A doTry leaves no other trace of what it caught. */
    public static boolean isHandled(Exchange ended) {
        return (ended.getExchangeExtension().isErrorHandlerHandledSet()
                        && ended.getExchangeExtension().isErrorHandlerHandled())
                || ended.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT) != null;
    }
}
