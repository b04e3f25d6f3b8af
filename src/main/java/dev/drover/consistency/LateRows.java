package dev.drover.consistency;

import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.rows.HighestKey;
import dev.drover.rows.RowReader;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.ReadFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the keys that were read recently, and finds rows that have appeared between them since. The keys are in
 * memory only: after a restart it begins at the checkpoint. For one thread.
 */
public final class LateRows {

    /** The most keys of one look. The keys behind them come at a later look. */
    private static final int MOST_KEYS = 100_000;

    /** The most remembered keys. While rows are read fast, older ones are forgotten before their time. */
    private static final int MOST_REMEMBERED = 200_000;

    private final DataSource source;
    private final HighestKey highest;
    private final List<String> key;
    private final Duration memory;
    private final LongSupplier nanoTime;
    private final Deque<ReadPage> pages = new ArrayDeque<>();
    private final Set<Cursor> seen = new HashSet<>();
    private @Nullable Cursor low;

    private record ReadPage(long nanos, List<Cursor> keys, boolean late) {}

    public LateRows(
            DataSource source, HighestKey highest, Duration memory, @Nullable Cursor begin, LongSupplier nanoTime) {
        this.source = source;
        this.highest = highest;
        this.key = highest.key();
        this.memory = memory;
        this.low = begin;
        this.nanoTime = nanoTime;
    }

    /**
     * Remembers the keys of a page.
     *
     * @param keys in key order
     * @param late whether the rows had appeared behind the cursor
     */
    public void wasRead(List<Cursor> keys, boolean late) {
        pages.addLast(new ReadPage(nanoTime.getAsLong(), keys, late));
        seen.addAll(keys);
        while (seen.size() > MOST_REMEMBERED && pages.size() > 1) {
            forgetOldest();
        }
    }

    /** The pages that read the rows which have appeared up to this key since it was passed. */
    public List<PageRequest> find(@Nullable Cursor upTo, int pageSize) throws SQLException {
        forget(upTo);
        List<PageRequest> found = new ArrayList<>();
        Cursor before = low;
        Cursor last = low;
        int rows = 0;
        for (Cursor each : upTo == null ? List.<Cursor>of() : keys(new PageRequest(low, upTo, MOST_KEYS))) {
            boolean late = !seen.contains(each);
            if (rows > 0 && (!late || rows == pageSize)) {
                found.add(new PageRequest(before, last, rows));
                rows = 0;
            }
            if (late) {
                before = rows == 0 ? last : before;
                rows++;
            }
            last = each;
        }
        if (rows > 0) {
            found.add(new PageRequest(before, last, rows));
        }
        return found;
    }

    private void forget(@Nullable Cursor head) {
        long now = nanoTime.getAsLong();
        while (!pages.isEmpty() && now - pages.getFirst().nanos() >= memory.toNanos()) {
            forgetOldest();
            low = pages.isEmpty() ? head : low;
        }
    }

    private void forgetOldest() {
        ReadPage old = pages.removeFirst();
        old.keys().forEach(seen::remove);
        if (!old.late()) { // a late page is forgotten after the pages around it, so low is beyond its keys already
            low = old.keys().get(old.keys().size() - 1);
        }
    }

    private List<Cursor> keys(PageRequest range) throws SQLException {
        try (Connection connection = source.getConnection()) {
            KeysetQuery query = KeysetQuery.of(connection, highest.table(), key, key, Consistency.STATIC);
            try (PreparedStatement statement = connection.prepareStatement(query.sql(range))) {
                query.bind(statement, range);
                return RowReader.keys(statement, key);
            }
        } catch (SQLException e) {
            throw ReadFailure.of("the keys of " + highest.table(), e);
        }
    }
}
