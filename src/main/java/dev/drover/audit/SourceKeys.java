package dev.drover.audit;

import dev.drover.config.ByteLimits;
import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorOrder;
import dev.drover.rows.PageKeys;
import dev.drover.rows.RowReader;
import dev.drover.rows.TableReader;
import dev.drover.source.SourceForm;
import dev.drover.sql.PageCheck;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.SqlStep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of a source again: of the table form the key columns alone, of a read step what the user's own SQL
 * returns. Beside a pipeline it rests after each page for as long as the page took, so it takes at most half of one
 * connection's time.
 */
final class SourceKeys {

    /** A segment of the usual size is one query. */
    private static final int PAGE = 20_000;

    private static final long LONGEST_REST = 2_000;

    private final SourceForm form;
    private final List<String> key;
    private final BooleanSupplier goesOn;
    private final boolean rests;

    /**
     * The keys of a source.
     *
     * @param goesOn whether to read on; asked before each page
     * @param rests whether it rests after each page
     */
    SourceKeys(SourceForm form, BooleanSupplier goesOn, boolean rests) {
        this.form = form;
        this.key = form.endpoint().config().key();
        this.goesOn = goesOn;
        this.rests = rests;
    }

    /**
     * Reads the keys of a range.
     *
     * @param after the key after which it begins; null for the first row
     * @param last the last key that belongs to it
     * @param found is given them, page after page
     * @return whether all were read
     * @throws SQLException when the database fails
     * @throws IllegalArgumentException if this source cannot be audited
     */
    boolean read(@Nullable Cursor after, Cursor last, Consumer<Cursor> found) throws SQLException {
        Cursor at = after;
        boolean more = true;
        while (more) {
            if (!goesOn.getAsBoolean()) {
                return false;
            }
            long began = System.nanoTime();
            List<Cursor> page = form.endpoint().tableRead() == null
                    ? step(at, last)
                    : table(form.endpoint().tableRead(), at, last);
            page.forEach(found);
            at = page.isEmpty() ? at : page.get(page.size() - 1);
            more = !page.isEmpty() && !last.equals(at);
            if (rests) {
                rest((System.nanoTime() - began) / 1_000_000);
            }
        }
        return true;
    }

    private static void rest(long millis) {
        try {
            Thread.sleep(Math.min(millis, LONGEST_REST));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Cursor> table(String table, @Nullable Cursor after, Cursor last) throws SQLException {
        TableReader keys = new TableReader(
                form.source(), table, key, key, Consistency.STATIC, PageQuery.DEFAULT_TIMEOUT, ByteLimits.DEFAULT);
        return PageKeys.of(key, keys.read(new PageRequest(after, last, PAGE)).records());
    }

    /** By a read step: its rows have all their columns, so a page is as long as one of the pipeline. */
    private List<Cursor> step(@Nullable Cursor after, Cursor last) throws SQLException {
        SqlStep sql = form.step()
                .orElseThrow(() -> new IllegalArgumentException("its read step is no SQL, so it cannot be read again"));
        boolean bounded = sql.asksFor(PageRequest.UP_TO);
        if (!bounded && !CursorOrder.isKnown(last)) {
            throw new IllegalArgumentException("only its database knows the order of its key, so its SQL needs the"
                    + " bound: AND " + PageCheck.condition(key, "<=", PageRequest.UP_TO));
        }
        int rows = form.endpoint().config().pageSize();
        PageQuery query = sql.query(new PageRequest(after, bounded ? last : null, rows));
        List<Cursor> page = new ArrayList<>();
        try (Connection connection = form.source().getConnection();
                PreparedStatement statement = query.prepare(connection, "")) {
            PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
            try (ResultSet found = statement.executeQuery()) {
                RowReader reader = new RowReader(found, ByteLimits.DEFAULT.maxValueBytes());
                while (found.next()) {
                    Cursor each = reader.read().cursor(key);
                    if (bounded || CursorOrder.isUpTo(each, last)) {
                        page.add(each);
                    }
                }
            }
        }
        return page;
    }
}
