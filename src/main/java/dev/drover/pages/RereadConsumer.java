package dev.drover.pages;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.Reread;
import dev.drover.route.RouteShape;
import dev.drover.route.RouteSteps;
import dev.drover.rows.KeyBefore;
import dev.drover.rows.PageReader;
import dev.drover.rows.SourceRecord;
import dev.drover.source.SourceForm;
import dev.drover.source.StepOrder;
import dev.drover.sql.PageRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline that does not read by itself and owns no checkpoint. On request it sends a row through its route, as a page
 * of its own. The table form reads the row by its key. A read step reads one row after the preceding key.
 */
final class RereadConsumer extends DefaultConsumer implements Reread {

    private final PagesEndpoint endpoint;
    private final PagesConfig config;
    private Optional<PageReader> table = Optional.empty();
    private @Nullable StepOrder order;
    private volatile @Nullable Ledger current;

    RereadConsumer(PagesEndpoint endpoint, Processor processor, PagesConfig config) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.config = config;
    }

    String name() {
        return config.name();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        RouteShape.check(endpoint.getCamelContext(), getRoute().getRouteId());
        table = endpoint.tableReader(Consistency.STATIC);
        order = new StepOrder(SourceForm.of(endpoint.getCamelContext(), definition(), endpoint), true);
        endpoint.getComponent().register(this);
    }

    /** Records in flight end as they do when a pipeline stops. */
    @Override
    protected void doStop() throws Exception {
        Ledger ledger = current;
        if (ledger != null) {
            ledger.ending().stopping(true);
        }
        super.doStop();
    }

    @Override
    public Result send(Ledger ledger, Cursor key, @Nullable String payload, Consumer<Cursor> found)
            throws SQLException {
        if (!key.columns().equals(config.key())) {
            throw new IllegalArgumentException(
                    "have the key " + key.columns() + ", but the pipeline is read by key " + config.key());
        }
        current = ledger;
        Optional<PageReader> reader = endpoint.isFed() ? Optional.of(endpoint.sent(key, payload)) : table;
        return reader.isPresent()
                ? readTable(reader.get(), ledger, key, found)
                : readStep(ledger, new OnlyRow.Sought(key, found));
    }

    private Result readTable(PageReader table, Ledger ledger, Cursor key, Consumer<Cursor> found) throws SQLException {
        List<SourceRecord> rows = table.read(PageRequest.of(List.of(key))).records();
        if (rows.isEmpty()) {
            return Result.GONE;
        }
        Exchange exchange = createExchange(false);
        OpenPage page = ledger.open(config.key(), 1);
        PageOnItsWay.of(exchange, page, config.key(), keys -> new StepOrder.Border(keys.size(), true))
                .read(rows);
        exchange.getMessage().setBody(rows);
        found.accept(rows.get(0).cursor(config.key()));
        return route(exchange, page);
    }

    private Result readStep(Ledger ledger, OnlyRow.Sought sought) throws SQLException {
        if (!OnlyRow.isIn(definition())) {
            throw new IllegalArgumentException("are of a route whose split is inside another step");
        }
        Optional<Cursor> counted = KeyBefore.counted(sought.key());
        if (counted.isPresent()) {
            return readStep(ledger, counted.get(), sought);
        }
        Cursor before = keyBefore(sought.key());
        Result result = readStep(ledger, before, sought);
        while (result == Result.GONE) {
            Cursor now = keyBefore(sought.key());
            if (now.equals(before)) {
                return result;
            }
            before = now; // a row was inserted in between, and may have been read instead
            result = readStep(ledger, before, sought);
        }
        return result;
    }

    private Result readStep(Ledger ledger, Cursor before, OnlyRow.Sought sought) throws SQLException {
        Exchange exchange = createExchange(false);
        OpenPage page = ledger.open(config.key(), 1);
        // if the row is gone, the next row may be read instead, which is no fault
        PageRequest proven = PageRequest.after(before, 1);
        PageOnItsWay.of(exchange, page, config.key(), keys -> Objects.requireNonNull(order)
                .prove(proven, keys));
        exchange.setProperty(OnlyRow.PROPERTY, sought);
        new PageRequest(before, sought.key(), 1).setVariables(exchange);
        return route(exchange, page);
    }

    private Cursor keyBefore(Cursor key) throws SQLException {
        SourceForm form = SourceForm.of(endpoint.getCamelContext(), definition(), endpoint);
        if (!form.readsSql() || form.table().isEmpty()) {
            throw new IllegalArgumentException("cannot be found: the key before theirs is not known, as it does not end"
                    + " with a whole number and the SQL is no query of one table; set keyTable");
        }
        try (Connection connection = form.source().getConnection()) {
            return KeyBefore.find(connection, form.table().get(), key)
                    .or(() -> Optional.ofNullable(config.startAfter()))
                    .orElseThrow(() -> new IllegalArgumentException("have the lowest key; set startAfter to find it"));
        }
    }

    private Result route(Exchange exchange, OpenPage page) throws SQLException {
        Ledger ledger = page.ledger();
        ledger.tally().questions(RouteSteps.questions(endpoint.getCamelContext(), definition()));
        long ended = ledger.tally().filtered();
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        try {
            Optional<String> fault = PageOnItsWay.faultOf(exchange);
            if (fault.isPresent()) {
                page.discard();
                throw new IllegalArgumentException("could not be read: " + fault.get());
            }
            List<Cursor> keys = PageRead.keys(exchange, page);
            if (keys.isEmpty() || page.left().orElse(0) == 0) {
                page.discard();
                return Result.GONE;
            }
            page.close(1, keys.get(0));
        } finally {
            releaseExchange(exchange, false);
        }
        return ledger.tally().filtered() > ended ? Result.FILTERED : Result.ON_ITS_WAY;
    }

    private RouteDefinition definition() {
        return RouteSteps.route(endpoint.getCamelContext(), getRoute().getRouteId());
    }
}
