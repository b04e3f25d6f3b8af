package dev.drover.replication;

import dev.drover.ledger.Cursor;
import dev.drover.rows.ChangeReader;
import dev.drover.rows.Page;
import dev.drover.rows.PageReader;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.TableReader;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.PageRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the existing rows, and then the changes of a slot. The slot keeps the changes that are made meanwhile. They come
 * later, so they win. After a stop among the existing rows it starts with the first row again. For one thread.
 */
final class SlotReader implements PageReader {

    /** The number of a change is this one plus its position in the log of the database; existing rows have lower numbers. */
    static final long LOG = 1_000_000_000_000L;

    private final Slot slot;
    private final DataSource source;
    private final TableReader rows;
    private final boolean snapshot;
    private final SlotLog log;
    private final ChangeReader changes;
    private @Nullable Cursor last;
    private long begin = -1;

    SlotReader(Slot slot, DataSource source, String table, TableReader rows, boolean snapshot) {
        this.slot = slot;
        this.source = source;
        this.rows = rows;
        this.snapshot = snapshot;
        this.log = new SlotLog(slot, source, table, rows);
        this.changes = new ChangeReader(log, rows, ChangeReader.WITH_BEFORE);
    }

    @Override
    public Page read(PageRequest request) throws SQLException {
        long after = number(request.after());
        return snapshot && after < LOG ? existing(request, after) : changes.read(request);
    }

    private Page existing(PageRequest request, long after) throws SQLException {
        if (begin < 0) {
            try (Connection connection = source.getConnection()) {
                begin = slot.confirmed(connection);
            }
        }
        Page page = rows.read(PageRequest.after(last, request.limit()));
        last = page.last() == null ? last : page.last();
        List<SourceRecord> found = new ArrayList<>();
        for (SourceRecord row : page.records()) {
            found.add(ChangeReader.upsert(ChangeReader.WITH_BEFORE, after + found.size() + 1, rows.key(), row));
        }
        return new Page(found, cursor(page.drained() ? LOG + begin : after + found.size()), false);
    }

    @Override
    public void close() {
        log.close();
        last = null;
        begin = -1;
    }

    /** Returns the number of a cursor; 0 for the beginning. */
    static long number(@Nullable Cursor cursor) {
        return cursor == null ? 0 : ((Number) cursor.values().get(0)).longValue();
    }

    static Cursor cursor(long number) {
        return new Cursor(List.of(ChangeLog.ID), List.of(number));
    }
}
