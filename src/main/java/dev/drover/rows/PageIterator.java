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
 * The pages of a table as an iterator, read on demand:
 *
 * <pre>{@code
 * try (var pages = PageIterator.of(dataSource).table("orders").key("id").pageSize(100).iterator()) {
 *     while (pages.hasNext()) {
 *         handle(pages.next());
 *     }
 * }
 * }</pre>
 *
 * <p>It ends with the first page that is not full. No connection is held between pages. A page that could not be read
 * leaves the iterator where it was, so the call may be repeated. For one thread, except that any thread may close it.
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

    /** Starts to describe what to read. */
    public static Builder of(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Whether there is another page; reads it when that is not known.
     *
     * @throws PageReadException when the database fails
     */
    @Override
    public boolean hasNext() {
        return peek() != null;
    }

    /**
     * The next page, never empty.
     *
     * @throws NoSuchElementException at the end of the table and after {@link #close()}
     * @throws PageReadException when the database fails
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

    /** The key after which to resume: that of the last record that {@link #next()} gave; null at the very start. */
    public @Nullable Cursor cursor() {
        return cursor;
    }

    /** Stops: nothing is read any more, {@link #hasNext()} is false, {@link #cursor()} stays. */
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

    /** What to read. Not thread-safe. */
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

        /** The columns to read, the key among them. Default: all. */
        public Builder columns(String... names) {
            columns = List.of(names);
            return this;
        }

        /** The unique, ordered columns to read by, none of them ever NULL. Required. */
        public Builder key(String... names) {
            key = List.of(names);
            return this;
        }

        /** How many rows a page has at most. Default: 1000. */
        public Builder pageSize(int rows) {
            if (rows < 1) {
                throw new OptionException("pageSize", "must be at least 1, but is " + rows);
            }
            pageSize = rows;
            return this;
        }

        /** The cursor to go on after; null, the default, for the start of the table. */
        public Builder startAfter(@Nullable Cursor cursor) {
            startAfter = cursor;
            return this;
        }

        /** How long the query of a page may run. Default: 30 seconds; zero for no limit. */
        public Builder queryTimeout(Duration timeout) {
            queryTimeout = timeout;
            return this;
        }

        /**
         * How many bytes may come into memory. A record with a value that is longer says so by
         * {@link SourceRecord#unrepresentable()}. Default: {@link ByteLimits#DEFAULT}.
         */
        public Builder limits(ByteLimits bytes) {
            limits = bytes;
            return this;
        }

        /**
         * The iterator, before its first page: nothing is read yet.
         *
         * @throws IllegalArgumentException when the table or the key is missing or no name
         */
        public PageIterator iterator() {
            TableReader reader =
                    new TableReader(dataSource, table, columns, key, Consistency.STATIC, queryTimeout, limits);
            return new PageIterator(reader, pageSize, startAfter);
        }
    }
}
