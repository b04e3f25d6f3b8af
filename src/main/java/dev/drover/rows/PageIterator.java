package dev.drover.rows;

import dev.drover.config.ByteLimits;
import dev.drover.config.Consistency;
import dev.drover.config.OptionException;
import dev.drover.ledger.Cursor;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the pages of a table, which are read on demand:
 *
 * <pre>{@code
 * try (var pages = PageIterator.of(dataSource).table("orders").key("id").pageSize(100).iterator()) {
 *     while (pages.hasNext()) {
 *         handle(pages.next());
 *     }
 * }
 * }</pre>
 *
 * <p>It ends with the first page that is not full. No connection is held between pages. If a page cannot be read, the
 * iterator stays where it was, so the call may be repeated. Not thread-safe, except that any thread may close it.
 */
public final class PageIterator implements Iterator<List<SourceRecord>>, AutoCloseable {

    private final TableReader reader;
    private final int pageSize;
    private @Nullable Cursor cursor;
    private @Nullable Page ahead;
    private boolean drained;
    private volatile boolean closed;

    private PageIterator(TableReader reader, int pageSize, @Nullable Cursor startAfter) {
        this.reader = reader;
        this.pageSize = pageSize;
        this.cursor = startAfter;
    }

    public static Builder of(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Whether there is another page. Reads it if necessary.
     *
     * @throws PageReadException if the database fails
     */
    @Override
    public boolean hasNext() {
        return peek() != null;
    }

    /**
     * The next page, never empty.
     *
     * @throws NoSuchElementException at the end of the table and after {@link #close()}
     * @throws PageReadException if the database fails
     */
    @Override
    public List<SourceRecord> next() {
        Page page = peek();
        if (page == null) {
            throw new NoSuchElementException(closed ? "the iterator is closed" : "there are no more pages");
        }
        ahead = null;
        cursor = page.last();
        return page.records();
    }

    /** The key after which to resume: the key of the last record that {@link #next()} returned; null at the start. */
    public @Nullable Cursor cursor() {
        return cursor;
    }

    /** Stops reading: {@link #hasNext()} is false from now on, and {@link #cursor()} does not change. */
    @Override
    public void close() {
        closed = true;
    }

    private @Nullable Page peek() {
        if (closed) {
            return null;
        }
        if (ahead == null && !drained) {
            Page page = read();
            drained = page.drained();
            ahead = page.records().isEmpty() ? null : page;
        }
        return ahead;
    }

    private Page read() {
        try {
            return reader.read(PageRequest.after(cursor, pageSize));
        } catch (SQLException e) {
            throw new PageReadException(e);
        }
    }

    /** The options of an iterator. Not thread-safe. */
    public static final class Builder {

        private final DataSource dataSource;
        private String table = "";
        private List<String> columns = List.of();
        private List<String> key = List.of();
        private int pageSize = 1000;
        private Duration queryTimeout = PageQuery.DEFAULT_TIMEOUT;
        private ByteLimits limits = ByteLimits.DEFAULT;
        private @Nullable Cursor startAfter;

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** The table or view, with or without its schema. Required. */
        public Builder table(String name) {
            table = name;
            return this;
        }

        /** The columns to read, including the key. Default: all. */
        public Builder columns(String... names) {
            columns = List.of(names);
            return this;
        }

        /** The unique, ordered key columns, which must never be NULL. Required. */
        public Builder key(String... names) {
            key = List.of(names);
            return this;
        }

        /** The largest number of rows of a page. Default: 1000. */
        public Builder pageSize(int rows) {
            if (rows < 1) {
                throw new OptionException("pageSize", "must be at least 1, but is " + rows);
            }
            pageSize = rows;
            return this;
        }

        /** The key to start after; null, the default, for the start of the table. */
        public Builder startAfter(@Nullable Cursor cursor) {
            startAfter = cursor;
            return this;
        }

        /** The longest time for the query of a page. Default: 30 seconds; zero for no limit. */
        public Builder queryTimeout(Duration timeout) {
            queryTimeout = timeout;
            return this;
        }

        /**
         * The limits of the bytes in memory. A record with a longer value has {@link SourceRecord#unrepresentable()}.
         * Default: {@link ByteLimits#DEFAULT}.
         */
        public Builder limits(ByteLimits bytes) {
            limits = bytes;
            return this;
        }

        /**
         * Creates the iterator. Nothing is read yet.
         *
         * @throws IllegalArgumentException if the table or the key is missing or no valid name
         */
        public PageIterator iterator() {
            TableReader reader =
                    new TableReader(dataSource, table, columns, key, Consistency.STATIC, queryTimeout, limits);
            return new PageIterator(reader, pageSize, startAfter);
        }
    }
}
