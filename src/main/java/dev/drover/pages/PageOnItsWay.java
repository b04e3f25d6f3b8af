package dev.drover.pages;

import dev.drover.ledger.OpenPage;
import dev.drover.rows.PageKeys;
import dev.drover.rows.Slice;
import dev.drover.source.StepOrder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.sql.SqlConstants;
import org.apache.camel.util.function.ThrowingFunction;
import org.jspecify.annotations.Nullable;

/**
 * A page between the reading of its rows and its split. It takes the keys of the rows and proves their order as soon as
 * the rows are read. At the split it finds out which rows the steps in between have left. Used by one thread.
 */
final class PageOnItsWay {

    /** The exchange property with this page, up to the split. */
    static final String PROPERTY = "droverPageOnItsWay";

    private final OpenPage page;
    private final List<String> key;
    private final ThrowingFunction<PageKeys, StepOrder.Border, SQLException> proof;
    private @Nullable List<?> rows;
    private @Nullable PageKeys keys;
    private boolean last = true;
    private @Nullable String fault;

    private PageOnItsWay(
            OpenPage page, List<String> key, ThrowingFunction<PageKeys, StepOrder.Border, SQLException> proof) {
        this.page = page;
        this.key = key;
        this.proof = proof;
    }

    /**
     * Puts a page that is about to be read on an exchange.
     *
     * @param proof proves the order of the rows when they are read
     */
    static PageOnItsWay of(
            Exchange exchange,
            OpenPage page,
            List<String> key,
            ThrowingFunction<PageKeys, StepOrder.Border, SQLException> proof) {
        PageOnItsWay onItsWay = new PageOnItsWay(page, key, proof);
        exchange.setProperty(OpenPage.PROPERTY, page);
        exchange.setProperty(PROPERTY, onItsWay);
        return onItsWay;
    }

    /** The fault of the page on this exchange; empty if there is none. */
    static Optional<String> faultOf(Exchange exchange) {
        return exchange.getProperty(PROPERTY) instanceof PageOnItsWay page ? page.fault() : Optional.empty();
    }

    /** Why the page must not go on; empty if it may. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Whether there are no rows after the page for now. */
    boolean isLast() {
        return last;
    }

    /**
     * Takes the rows that were read.
     *
     * @return the rows that belong to the page
     * @throws SQLException if the database cannot prove their order now
     */
    List<?> read(List<?> found) throws SQLException {
        try {
            PageKeys taken = PageKeys.of(key, found);
            StepOrder.Border border = proof.apply(taken);
            last = border.last();
            keys = taken.first(border.rows());
            page.wasRead(keys);
            rows = List.copyOf(found.subList(0, border.rows()));
            return rows;
        } catch (IllegalStateException e) {
            fault = e.getMessage();
            return found;
        }
    }

    /**
     * Looks at the result of a step before the split. The rows of the page are the result of the query with the cursor. If
     * there is no such query, they are the first rows that have the key.
     */
    void stepEnded(Exchange exchange, boolean readsByCursor) throws SQLException {
        if (readsByCursor && exchange.getMessage().getHeader(SqlConstants.SQL_QUERY) != null) {
            fault = "the header " + SqlConstants.SQL_QUERY
                    + " replaces the SQL of the read step, which was checked: put the"
                    + " SQL into the step and leave the header out";
            return;
        }
        if (exchange.getException() == null
                && exchange.getMessage().getBody() instanceof List<?> found
                && (readsByCursor || (keys == null && haveKeys(found)))) {
            readInto(exchange, found);
        }
    }

    private void readInto(Exchange exchange, List<?> found) throws SQLException {
        List<?> own = read(found);
        if (own.size() < found.size()) {
            exchange.getMessage().setBody(new ArrayList<>(own)); // as mutable as what a read step returns
        }
    }

    private boolean haveKeys(List<?> found) {
        return !found.isEmpty()
                && found.get(0) instanceof Map<?, ?> row
                && key.stream().allMatch(row::containsKey);
    }

    /** Begins the split. Only rows that were read may be left, in the same order. */
    void split(Exchange exchange) throws SQLException {
        if (keys == null && exchange.getMessage().getBody() instanceof List<?> found) {
            readInto(exchange, found);
        }
        if (keys != null && rows != null && exchange.getMessage().getBody() instanceof List<?> left) {
            page.isSplit(List.copyOf(left), left(keys, rows, left));
        }
    }

    /** The slices into which the split divides the page; empty if it divides the page into single rows. */
    Optional<Iterator<Slice>> slices(Exchange exchange) {
        return page.ledger().collecting().usesSlices() && exchange.getMessage().getBody() instanceof List<?> left
                ? Optional.of(Slice.of(left, page.ledger().collecting()::slice))
                : Optional.empty();
    }

    private int[] left(PageKeys keys, List<?> rows, List<?> left) {
        int[] places = new int[left.size()];
        int next = 0;
        for (int i = 0; i < places.length; i++) {
            Object row = left.get(i);
            while (next < keys.size() && row != rows.get(next) && !keys.has(next, row)) {
                next++;
            }
            if (next == keys.size()) {
                fault = "a step between the read step and the split has added, changed or moved rows: row " + (i + 1)
                        + " of the " + places.length + " that it left was not read, or not at this place; it may only"
                        + " remove rows";
                return new int[0];
            }
            places[i] = next++;
        }
        return places;
    }
}
